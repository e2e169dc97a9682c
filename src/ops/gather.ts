// Rows picked by an index.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowVectors, threads } from './grid'

/** y[i] = x[rows[first + i]] for `count` rows of x [M, C]. Not differentiable by itself. */
export function gatherRows(r: Recorder, x: Tensor, rows: Tensor, count: number, first = 0): Tensor {
  const y = r.empty('picked', [count, x.shape[1]])
  const { n, row, parts } = rowVectors(y)
  r.launch({
    kernel: { file: 'gather_rows', parts },
    tensors: [rows, x, y],
    params: { vectors: n, row_vectors: row, first },
    workgroups: threads(n),
  })
  return y
}
