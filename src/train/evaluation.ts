// The metrics of an evaluation. One line for each that src/config/metrics.ts lists.
import type { Evaluation } from '../config/run-reports'

/** What the mean loss over the supervised tokens of held-out rows says. */
export function evaluationOf(loss: number): Required<Evaluation> {
  return {
    evalLoss: loss,
    evalPerplexity: Math.exp(loss),
  }
}
