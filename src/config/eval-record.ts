// Whether a model does worse on some rows than it did.
import { type Phrase, say } from './phrase'
import type { OldEvaluation } from './run-reports'

/** Digits of a loss that count. Other kernels change the later ones. */
const digits = 4

const shown = (value: number): string => value.toFixed(digits)

/** Whether a loss is higher than an earlier one, in the digits that are shown. */
const isWorse = (before: number, after: number): boolean => Number(shown(after)) > Number(shown(before))

/** What a person should know after training further: the held-out rows of the earlier data are predicted less well. */
export function forgettingNotice({ name, before, after }: OldEvaluation): Phrase | undefined {
  if (!before || !after || !isWorse(before.evalLoss, after.evalLoss)) return undefined
  return say`Forgetting: the loss on the held-out rows of ${name} rose from ${shown(before.evalLoss)} to ${shown(after.evalLoss)}. Mix in more of the old rows, lower the learning rate, or take fewer steps.`
}
