// ReLU: max(x, 0).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise } from './grid'

/** max(x, 0), written over x, whose old values must no longer be needed. Any shape. */
export function relu(r: Recorder, x: Tensor): Tensor {
  elementwise(r, 'relu', [x], x)
  const y = r.view(x)
  r.record([y], [x], () => {
    const dy = r.ownGrad(y)
    elementwise(r, 'relu_backward', [y, dy], y)
    r.passGrad(x, dy)
  })
  return y
}
