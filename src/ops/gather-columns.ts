// Columns picked by token ids: the first half of a low-rank update of an embedding table.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { threads } from './grid'

/** y [M, R] with y[m] = column ids[m] of a trained a [R, V]; 0 for ids beyond V. */
export function gatherColumns(r: Recorder, a: Tensor, ids: Tensor): Tensor {
  const [rank, columns] = a.shape
  const rows = ids.shape[0]
  const n = rows * rank
  const y = r.empty(`${a.label} of ids`, [rows, rank])
  r.launch({
    kernel: { file: 'gather_columns', parts: ['common/index'] },
    tensors: [ids, a, y],
    params: { count: n, rank, columns },
    workgroups: threads(n),
  })
  r.record([y], [a], () => {
    r.launch({
      kernel: { file: 'gather_columns_backward', parts: ['common/index'] },
      tensors: [ids, r.grad(y), r.gradTarget(a).tensor],
      params: { count: n, rank, columns, rows },
      workgroups: threads(n),
      flops: n * rows,
    })
  })
  return y
}
