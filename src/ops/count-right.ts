// Counts right classes where a model has scores for all of them.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { stepMetricsPart } from './step-metrics'

/** Positions trained on, first `supervised` of [M], and the classes of all positions [M]. */
interface Targets {
  rows: Tensor
  targets: Tensor
  state: Tensor
  metrics: Tensor
}

/** Which rows of the batch the scores are of: `rows` rows from the supervised position `first` on. */
interface Scored {
  first: number
  rows: number
  classes: number
}

/** metrics.right += the supervised rows of scores [R, stride ≥ classes] that are highest at their target; the first of equal scores counts. */
export function countRight(r: Recorder, inputs: Targets, scores: Tensor, { first, rows, classes }: Scored): void {
  r.launch({
    kernel: { file: 'count_right', parts: ['common/step_state', stepMetricsPart] },
    tensors: [inputs.rows, inputs.targets, inputs.state, scores, inputs.metrics],
    params: { first, rows, vocab: classes, stride: scores.shape[1] },
    workgroups: [1, 1, 1],
  })
}
