// Addition and copies: y += scale · x.
import type { Recorder, TapeKernels } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise } from './grid'

/** into += scale · what, off the tape. Any equal shapes. */
function addInto(r: Recorder, into: Tensor, what: Tensor, scale = 1): void {
  elementwise(r, 'add', [what, into], into, { params: { scale } })
}

/** to = from, off the tape. Any equal shapes. */
export function copyInto(r: Recorder, from: Tensor, to: Tensor): void {
  elementwise(r, 'copy', [from, to], from)
}

/** The launches with which the tape adds up gradients. */
export function tapeKernels(r: Recorder): TapeKernels {
  return {
    add: (into, what) => addInto(r, into, what),
    copy: (from) => {
      const to = r.empty(from.label, from.shape)
      copyInto(r, from, to)
      return to
    },
  }
}

/** a + b, written over b, whose old values must no longer be needed. Any equal shapes. */
export function add(r: Recorder, a: Tensor, b: Tensor): Tensor {
  addInto(r, b, a)
  const y = r.view(b)
  r.record([y], [a, b], () => {
    const dy = r.grad(y)
    r.passGrad(b, dy)
    r.passGrad(a, dy)
  })
  return y
}
