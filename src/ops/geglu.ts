// GEGLU's inner product (Shazeer 2020, eq. 6), with GELU in its tanh form.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { threads, vectors } from './grid'

const parts = ['common/index', 'common/gelu']

/** gelu(gate) · up, elementwise over equal shapes. */
export function geglu(r: Recorder, gate: Tensor, up: Tensor): Tensor {
  const n = vectors(gate)
  const y = r.empty('geglu', gate.shape)
  r.launch({ file: 'geglu', parts }, [gate, up, y], [n], threads(n), n * 40)
  r.record([y], [gate, up], () => {
    const dgate = r.empty('d gate', gate.shape)
    const dup = r.empty('d up', up.shape)
    r.launch({ file: 'geglu_backward', parts }, [gate, up, r.grad(y), dgate, dup], [n], threads(n), n * 80)
    r.passGrad(gate, dgate)
    r.passGrad(up, dup)
  })
  return y
}
