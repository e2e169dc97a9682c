// SwiGLU's inner product (Shazeer 2020, eq. 6).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise } from './grid'

/** silu(gate) · up, elementwise over equal shapes. */
export function swiglu(r: Recorder, gate: Tensor, up: Tensor): Tensor {
  const y = r.empty('swiglu', gate.shape)
  elementwise(r, 'swiglu', [gate, up, y], y)
  r.record([y], [gate, up], () => {
    const dgate = r.empty('d gate', gate.shape)
    const dup = r.empty('d up', up.shape)
    elementwise(r, 'swiglu_backward', [gate, up, r.grad(y), dgate, dup], y)
    r.passGrad(gate, dgate)
    r.passGrad(up, dup)
  })
  return y
}
