// A gate with one trained number g: y + g · x.
import type { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'
import { copyInto } from './add'
import { elementwise, threads, vectors } from './grid'
import { addParts } from './split-sum'

/** ∂loss/∂g is first summed in so many pieces, so that many threads take part. */
const pieces = 1024

function gateGradient(r: Recorder, dy: Tensor, x: Tensor, gate: Tensor): void {
  const { part, of } = vectors(count(x.shape))
  const n = of(count(x.shape))
  const piece = Math.max(16, Math.ceil(n / pieces))
  const parts = r.empty('gate parts', [Math.ceil(n / piece)])
  r.launch({
    kernel: { file: 'dot_parts', parts: ['common/index', part] },
    tensors: [dy, x, parts],
    params: { vectors: n, piece, pieces: parts.shape[0] },
    workgroups: threads(parts.shape[0]),
    flops: n * 8,
  })
  const dg = r.gradTarget(gate)
  addParts(r, parts, dg.tensor, dg.accumulate)
}

/** y + gate [1] · x over equal shapes; y and x do not change. */
export function addGated(r: Recorder, y: Tensor, x: Tensor, gate: Tensor): Tensor {
  const sum = r.empty(`${y.label} gated`, y.shape)
  copyInto(r, y, sum)
  elementwise(r, 'scaled_by', [gate, x, sum], sum, { params: { accumulate: true } })
  r.record([sum], [y, x, gate], () => {
    const dy = r.grad(sum)
    if (gate.requiresGrad) gateGradient(r, dy, x, gate)
    if (x.requiresGrad) {
      const dx = r.gradTarget(x)
      elementwise(r, 'scaled_by', [gate, dy, dx.tensor], x, { params: { accumulate: dx.accumulate } })
    }
    r.passGrad(y, dy)
  })
  return sum
}
