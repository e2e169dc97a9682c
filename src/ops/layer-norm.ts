// Layer norm (Ba 2016, arXiv 1607.06450, section 3.1).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowGroups, rowParts, rowVectors, threads } from './grid'

/** x [M, C], normalised to mean 0 and variance 1 over rows. */
export function plainLayerNorm(r: Recorder, x: Tensor, epsilon: number): Tensor {
  const rows = x.shape[0]
  const { row, part } = rowVectors(x)
  const y = r.empty('norm', x.shape)
  const stats = r.empty('norm stats', [rows, 2])
  const parts = [rowParts(r.profile), part]
  const workgroups = rowGroups(r.profile, rows)
  r.launch({
    kernel: { file: 'layer_norm_plain', parts },
    tensors: [x, y, stats],
    params: { rows, row_vectors: row, epsilon },
    workgroups,
    flops: rows * row * 28,
  })
  r.record([y], [x], () => {
    const dx = r.gradTarget(x)
    r.launch({
      kernel: { file: 'layer_norm_plain_backward', parts },
      tensors: [x, stats, r.grad(y), dx.tensor],
      params: { rows, row_vectors: row, accumulate: dx.accumulate },
      workgroups,
      flops: rows * row * 56,
    })
  })
  return y
}

/** x [M, C], normalised to mean 0 and variance 1 over rows, times (w [C] + offset), plus b [C]. */
export function layerNorm(r: Recorder, x: Tensor, w: Tensor, b: Tensor, epsilon: number, offset = 0): Tensor {
  const rows = x.shape[0]
  const { row, part } = rowVectors(x)
  const y = r.empty(`norm ${w.label}`, x.shape)
  const stats = r.empty('norm stats', [rows, 2])
  const parts = [rowParts(r.profile), part]
  const constants = { OFFSET: { f32: offset } }
  const groups = rowGroups(r.profile, rows)
  r.launch({
    kernel: { file: 'layer_norm', parts, constants },
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
      kernel: { file: 'layer_norm_backward', parts, constants },
      tensors: [x, w, stats, dy, dx.tensor],
      params: { rows, row_vectors: row, accumulate: dx.accumulate },
      workgroups: groups,
      flops: rows * row * 64,
    })
  })
  return y
}
