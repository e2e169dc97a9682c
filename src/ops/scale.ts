// Multiplication by a number.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise } from './grid'

/** factor · x, in place. */
export function scale(r: Recorder, x: Tensor, factor: number): Tensor {
  elementwise(r, 'scale', [x], x, { params: [{ f32: factor }] })
  const y = r.view(x)
  r.record([y], [x], () => {
    const dy = r.ownGrad(y)
    elementwise(r, 'scale', [dy], dy, { params: [{ f32: factor }] })
    r.passGrad(x, dy)
  })
  return y
}
