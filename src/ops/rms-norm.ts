// Root mean square norm (Zhang & Sennrich 2019, eq. 4).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowGroups, rowParts, rowVectors, threads } from './grid'

/** x [M, C], normalised over rows, times (w [C] + offset). */
export function rmsNorm(r: Recorder, x: Tensor, w: Tensor, epsilon: number, offset = 0): Tensor {
  const rows = x.shape[0]
  const { row, part } = rowVectors(x)
  const y = r.empty(`norm ${w.label}`, x.shape)
  const scale = r.empty('norm scale', [rows])
  const parts = [rowParts(r.profile), part]
  const constants = { OFFSET: { f32: offset } }
  const groups = rowGroups(r.profile, rows)
  r.launch({
    kernel: { file: 'rms_norm', parts, constants },
    tensors: [x, w, y, scale],
    params: { rows, row_vectors: row, epsilon },
    workgroups: groups,
    flops: rows * row * 24,
  })
  r.record([y], [x, w], () => {
    const dy = r.grad(y)
    if (w.requiresGrad)
      r.launch({
        kernel: { file: 'rms_norm_weight', parts: ['common/index', part] },
        tensors: [x, scale, dy, r.gradTarget(w).tensor],
        params: { rows, row_vectors: row },
        workgroups: threads(row),
        flops: rows * row * 12,
      })
    if (!x.requiresGrad) return
    const dx = r.gradTarget(x)
    r.launch({
      kernel: { file: 'rms_norm_backward', parts, constants },
      tensors: [x, w, scale, dy, dx.tensor],
      params: { rows, row_vectors: row, accumulate: dx.accumulate },
      workgroups: groups,
      flops: rows * row * 48,
    })
  })
  return y
}
