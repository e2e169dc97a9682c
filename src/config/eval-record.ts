// How well an adapter did at the end of its training, as its own file says, and whether it does worse now.
import { FormatError } from './errors'
import { recordOf } from './exact-json'
import { type Phrase, say } from './phrase'
import type { Evaluation, OldEvaluation } from './run-reports'

/** An evaluation, and the name of the rows that it was measured on. */
export type EvalOn = Evaluation & { data: string }

/** The evaluation of an adapter at the end of its training. */
export type EvalRecord = EvalOn & { rows: number }

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

/**
 * What a person should know about an adapter that is measured on other rows; undefined if it is not worse there. At the end of its training, it
 * may have been measured on a sample of the same rows.
 */
export function dropNotice(record: EvalOn | undefined, now: EvalOn): Phrase | undefined {
  if (!record || record.data === now.data || !isWorse(record.evalLoss, now.evalLoss)) return undefined
  return say`The loss on ${now.data} is ${shown(now.evalLoss)}. It was ${shown(record.evalLoss)} on ${record.data} at the end of the training. If the adapter is to be used on such rows, train it further on them, and mix in some of the old ones.`
}

/** The record in an adapter's own file; undefined if there is none. @throws FormatError */
export function parseEvalRecord(where: string, value: unknown): EvalRecord | undefined {
  if (value === undefined) return undefined
  const { data, rows, evalLoss, evalPerplexity } = recordOf(value) ?? {}
  if (typeof data !== 'string' || typeof rows !== 'number' || typeof evalLoss !== 'number')
    throw new FormatError(
      say`${where}, evaluation: expected a name of data, a number of rows and a loss, got ${JSON.stringify(value).slice(0, 100)}. Take "evaluation" out of the file.`,
    )
  return { data: data.slice(0, 200), rows, evalLoss, ...(typeof evalPerplexity === 'number' && { evalPerplexity }) }
}
