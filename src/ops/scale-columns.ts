// Columns times factors: y = x · l (IA3, Liu 2022, arXiv 2205.05638, section 3.3).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowVectors, threads } from './grid'

function scaled(r: Recorder, x: Tensor, l: Tensor, y: Tensor, accumulate: boolean): void {
  const { n, row, parts } = rowVectors(x)
  r.launch({
    kernel: { file: 'scale_columns', parts },
    tensors: [l, x, y],
    params: { vectors: n, row_vectors: row, accumulate },
    workgroups: threads(n),
    flops: n * 4,
  })
}

/** x [M, N] · l, a parameter of N values, as a new tensor. */
export function scaleColumns(r: Recorder, x: Tensor, l: Tensor): Tensor {
  const y = r.empty(`${x.label} scaled`, x.shape)
  scaled(r, x, l, y, false)
  r.record([y], [x, l], () => {
    const dy = r.grad(y)
    const { n, row, parts } = rowVectors(x)
    if (l.requiresGrad)
      r.launch({
        kernel: { file: 'column_product', parts },
        tensors: [dy, x, r.gradTarget(l).tensor],
        params: { rows: x.shape[0], row_vectors: row },
        workgroups: threads(row),
        flops: n * 8,
      })
    if (!x.requiresGrad) return
    const dx = r.gradTarget(x)
    scaled(r, dy, l, dx.tensor, dx.accumulate)
  })
  return y
}
