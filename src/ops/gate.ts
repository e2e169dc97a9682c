// A gate with one trained number g: y + g · x.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { copyInto } from './add'
import { dotGradient } from './dot'
import { elementwise } from './grid'

/** y + gate [1] · x over equal shapes; y and x do not change. */
export function addGated(r: Recorder, y: Tensor, x: Tensor, gate: Tensor): Tensor {
  const sum = r.empty(`${y.label} gated`, y.shape)
  copyInto(r, y, sum)
  elementwise(r, 'scaled_by', [gate, x, sum], sum, { params: { accumulate: true } })
  r.record([sum], [y, x, gate], () => {
    const dy = r.grad(sum)
    if (gate.requiresGrad) dotGradient(r, dy, x, gate)
    if (x.requiresGrad) {
      const dx = r.gradTarget(x)
      elementwise(r, 'scaled_by', [gate, dy, dx.tensor], x, { params: { accumulate: dx.accumulate } })
    }
    r.passGrad(y, dy)
  })
  return sum
}
