// Scaled products of features of pictures and of texts (Radford et al. 2021, arXiv 2103.00020, figure 3).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowVectors, threads } from './grid'

/**
 * y [B, ⌈K / 4⌉ · 4] = e^s · f gᵀ with f [B, C] and K texts g: [K, C] that all pictures share, or [B · K, C] with `own` texts for each picture.
 * Columns behind K are 0. `logScale` s is frozen, [1].
 */
export function pairScores(r: Recorder, f: Tensor, g: Tensor, logScale: Tensor, own: boolean): Tensor {
  const [rows] = f.shape
  const texts = own ? g.shape[0] / rows : g.shape[0]
  const stride = Math.ceil(texts / 4) * 4
  const { row, parts } = rowVectors(f)
  const params = { rows, texts, stride, own: own ? texts : 0, row_vectors: row }
  const flops = rows * texts * f.shape[1] * 2
  const y = r.empty('scores', [rows, stride])
  r.launch({ kernel: { file: 'pair_scores', parts }, tensors: [logScale, f, g, y], params, workgroups: threads(rows * stride), flops })
  r.record([y], [f, g], () => {
    const dy = r.grad(y)
    const add = (file: string, other: Tensor, to: Tensor) => {
      const target = r.gradTarget(to)
      r.launch({
        kernel: { file, parts },
        tensors: [logScale, dy, other, target.tensor],
        params: { ...params, accumulate: target.accumulate },
        workgroups: threads(to.shape[0] * row),
        flops,
      })
    }
    if (f.requiresGrad) add('pair_scores_left', g, f)
    if (g.requiresGrad) add('pair_scores_right', f, g)
  })
  return y
}
