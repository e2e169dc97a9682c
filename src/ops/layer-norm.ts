// Layer norm (Ba 2016, arXiv 1607.06450, section 3.1).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowGroups, rowParts, rowVectors, threads } from './grid'

/** x [M, C], normalised to mean 0 and variance 1 over rows, times w [C], plus b [C]. */
export function layerNorm(r: Recorder, x: Tensor, w: Tensor, b: Tensor, epsilon: number): Tensor {
  const rows = x.shape[0]
  const { row, part } = rowVectors(x)
  const y = r.empty(`norm ${w.label}`, x.shape)
  const stats = r.empty('norm stats', [rows, 2])
  const parts = [rowParts(r.profile), part]
  const groups = rowGroups(r.profile, rows)
  r.launch({
    kernel: { file: 'layer_norm', parts },
    tensors: [x, w, b, y, stats],
    params: { rows, row_vectors: row, epsilon },
    workgroups: groups,
    flops: rows * row * 32,
  })
  r.record([y], [x, w, b], () => {
    const dy = r.grad(y)
    const overColumns = { params: { rows, row_vectors: row }, workgroups: threads(row), flops: rows * row * 12 }
    if (w.requiresGrad)
      r.launch({
        kernel: { file: 'layer_norm_weight', parts: ['common/index', part] },
        tensors: [x, stats, dy, r.gradTarget(w).tensor],
        ...overColumns,
      })
    if (b.requiresGrad)
      r.launch({
        kernel: { file: 'column_sum', parts: ['common/index', part] },
        tensors: [dy, r.gradTarget(b).tensor],
        ...overColumns,
      })
    if (!x.requiresGrad) return
    const dx = r.gradTarget(x)
    r.launch({
      kernel: { file: 'layer_norm_backward', parts },
      tensors: [x, w, stats, dy, dx.tensor],
      params: { rows, row_vectors: row, accumulate: dx.accumulate },
      workgroups: groups,
      flops: rows * row * 64,
    })
  })
  return y
}
