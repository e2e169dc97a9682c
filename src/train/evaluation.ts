// The metrics of an evaluation: one line for each metric in src/config/metrics.ts.
import type { Evaluation } from '../config/run-reports'

/** The metrics that follow from the mean loss over the supervised tokens of the evaluation rows. */
export function evaluationOf(loss: number): Required<Evaluation> {
  return {
    evalLoss: loss,
    evalPerplexity: Math.exp(loss),
  }
}
