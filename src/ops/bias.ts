// y = x + b over rows, in place.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise, rowVectors, threads } from './grid'

/** x [M, N] + b [N], written over x. */
export function addBias(r: Recorder, x: Tensor, b: Tensor): Tensor {
  const { n, row, parts } = rowVectors(x)
  r.launch({
    kernel: { file: 'add_bias', parts },
    tensors: [b, x],
    params: { vectors: n, row_vectors: row },
    workgroups: threads(n),
    flops: n * 4,
    role: { kind: 'addition' },
  })
  const y = r.view(x)
  r.record([y], [x, b], () => {
    const dy = r.grad(y)
    if (b.requiresGrad) {
      const to = r.gradTarget(b)
      // The kernel adds, since a bias is usually a parameter. One that was widened is not.
      if (!to.accumulate) elementwise(r, 'zero', [to.tensor], to.tensor)
      r.launch({
        kernel: { file: 'column_sum', parts },
        tensors: [dy, to.tensor],
        params: { rows: x.shape[0], row_vectors: row },
        workgroups: threads(row),
        flops: n * 4,
      })
    }
    r.passGrad(x, dy)
  })
  return y
}
