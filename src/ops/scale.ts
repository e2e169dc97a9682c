// Multiplication by a number.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise } from './grid'

/** factor · x, in place. */
export function scale(r: Recorder, x: Tensor, factor: number): Tensor {
  elementwise(r, 'scale', [x], x, { params: { scale: factor } })
  const y = r.view(x)
  r.record([y], [x], () => {
    const dy = r.ownGrad(y)
    elementwise(r, 'scale', [dy], dy, { params: { scale: factor } })
    r.passGrad(x, dy)
  })
  return y
}
