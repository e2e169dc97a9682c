// tanh(x): a soft cap of 1.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise } from './grid'
import { softCapInto } from './soft-cap'

/** tanh(x), elementwise, written over x. */
export function tanh(r: Recorder, x: Tensor): Tensor {
  softCapInto(r, x, 1)
  const y = r.view(x)
  r.record([y], [x], () => {
    const dy = r.ownGrad(y)
    elementwise(r, 'tanh_backward', [y, dy], y)
    r.passGrad(x, dy)
  })
  return y
}
