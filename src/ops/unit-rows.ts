// Rows made as long as 1.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowGroups, rowParts, rowVectors } from './grid'

/** x [M, C] → x / |x|, row by row, with the Euclidean length. */
export function unitRows(r: Recorder, x: Tensor): Tensor {
  const rows = x.shape[0]
  const { row, part } = rowVectors(x)
  const y = r.empty(`unit ${x.label}`, x.shape)
  const inverse = r.empty('inverse lengths', [rows])
  const parts = [rowParts(r.profile), part]
  const workgroups = rowGroups(r.profile, rows)
  r.launch({
    kernel: { file: 'unit_rows', parts },
    tensors: [x, y, inverse],
    params: { rows, row_vectors: row },
    workgroups,
    flops: rows * row * 16,
  })
  r.record([y], [x], () => {
    const dx = r.gradTarget(x)
    r.launch({
      kernel: { file: 'unit_rows_backward', parts },
      tensors: [y, inverse, r.grad(y), dx.tensor],
      params: { rows, row_vectors: row, accumulate: dx.accumulate },
      workgroups,
      flops: rows * row * 28,
    })
  })
  return y
}
