// The metrics of an evaluation: one line for each metric in src/config/metrics.ts.
import { type Lines, measured } from '../config/metrics'
import type { Evaluation } from '../config/run-reports'

/** An evaluation of this version. */
export type Evaluated = Evaluation & { evalPerplexity: number }

/** The metrics that follow from the mean loss per supervised token and, for a model of classes, from the share of rows with the right one. */
export function evaluationOf(loss: number, accuracy?: number): Evaluated {
  const always = { evalLoss: loss, evalPerplexity: Math.exp(loss) }
  const lines: Lines<Omit<Evaluation, keyof typeof always>> = { evalAccuracy: accuracy }
  return { ...always, ...measured(lines) }
}
