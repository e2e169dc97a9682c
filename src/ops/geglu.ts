// GEGLU's inner product (Shazeer 2020, eq. 6), with GELU in its tanh form.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise } from './grid'

const parts = ['common/gelu']

/** gelu(gate) · up, elementwise over equal shapes. */
export function geglu(r: Recorder, gate: Tensor, up: Tensor): Tensor {
  const y = r.empty('geglu', gate.shape)
  elementwise(r, 'geglu', [gate, up, y], y, { parts, flops: 40 })
  r.record([y], [gate, up], () => {
    const dgate = r.empty('d gate', gate.shape)
    const dup = r.empty('d up', up.shape)
    elementwise(r, 'geglu_backward', [gate, up, r.grad(y), dgate, dup], gate, { parts, flops: 80 })
    r.passGrad(gate, dgate)
    r.passGrad(up, dup)
  })
  return y
}
