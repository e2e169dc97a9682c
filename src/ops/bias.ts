// y = x + b over rows, in place.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rememberAddition } from './low-rank'
import { rowVectors, threads } from './grid'

/** x [M, N] + b [N], written over x. */
export function addBias(r: Recorder, x: Tensor, b: Tensor): Tensor {
  const { n, row, parts } = rowVectors(x)
  r.launchWords({ file: 'add_bias', parts }, [b, x], [n, row], threads(n), n * 4)
  rememberAddition(r)
  const y = r.view(x)
  r.record([y], [x, b], () => {
    const dy = r.grad(y)
    if (b.requiresGrad) r.launchWords({ file: 'column_sum', parts }, [dy, r.gradTarget(b).tensor], [x.shape[0], row], threads(row), n * 4)
    r.passGrad(x, dy)
  })
  return y
}
