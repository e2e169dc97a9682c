// A bidirectional LSTM layer over one sequence (Hochreiter & Schmidhuber 1997; Graves & Schmidhuber 2005). It needs one dispatch per
// step, which is fine for prompt encoders, because their sequences are short.
import type { Params } from '../gpu/params'
import type { Recorder } from '../tensor/recorder'
import { type Tensor } from '../tensor/tensor'
import { threads } from './grid'
import { productInput, productInto, productWeight } from './matmul'
import { trainableWeight } from './weight'

/** One direction of a layer. */
interface LstmDirection {
  /** W x + b of all steps [P, 4H], with the gates in the order i, f, g, o. The activated gates replace it. */
  gates: Tensor
  /** W_hh [4H, H] */
  weight: Tensor
}

const parts = ['common/index', 'common/soft_cap']

/** One direction, with the tensors that its backward pass needs. */
class Pass {
  private readonly steps: number
  private readonly hidden: number
  private readonly cells: Tensor
  private readonly before: Tensor

  constructor(
    private readonly r: Recorder,
    private readonly direction: LstmDirection,
    private readonly reverse: boolean,
  ) {
    this.steps = direction.gates.shape[0]
    this.hidden = direction.weight.shape[1]
    this.cells = r.empty('lstm cells', [this.steps, this.hidden])
    this.before = r.empty('lstm states before', [this.steps, this.hidden])
  }

  /** The steps in order, as parameters of the kernels. A step before the first or after the last is P. */
  private order(): Params[] {
    const { steps, hidden, reverse } = this
    const at = (i: number) => (i < 0 || i >= steps ? steps : reverse ? steps - 1 - i : i)
    const column = reverse ? hidden : 0
    return Array.from({ length: steps }, (_, i) => ({ hidden, t: at(i), back: at(i - 1), next: at(i + 1), steps, column }))
  }

  forward(y: Tensor): void {
    const { r, hidden, cells, before } = this
    const { gates, weight } = this.direction
    const hh = r.empty('W h', [1, 4 * hidden])
    const h = r.empty('h', [1, hidden])
    const size = { workgroups: threads(hidden), flops: hidden * 60 }
    this.order().forEach((params, i) => {
      if (i > 0) productInto(r, h, trainableWeight(weight), hh, false)
      r.launch({ kernel: { file: 'lstm_cell', parts }, tensors: [gates, hh, cells, y, before, h], params, ...size })
    })
  }

  backward(dy: Tensor): void {
    const { r, hidden, steps, cells, before } = this
    const { gates, weight } = this.direction
    const dgates = r.empty('d gates', [steps, 4 * hidden])
    const dz = r.empty('dz', [1, 4 * hidden])
    const dh = r.empty('dh', [1, hidden])
    const dc = r.empty('dc', [1, hidden])
    const size = { workgroups: threads(hidden), flops: hidden * 60 }
    this.order()
      .reverse()
      .forEach((params, i) => {
        if (i > 0) productInput(r, dz, trainableWeight(weight), dh, false)
        r.launch({ kernel: { file: 'lstm_cell_backward', parts }, tensors: [gates, cells, dy, dh, dc, dgates, dz], params, ...size })
      })
    if (weight.requiresGrad) {
      const dw = r.gradTarget(weight)
      productWeight(r, dgates, before, dw.tensor, dw.accumulate)
    }
    r.passGrad(gates, dgates)
  }
}

/** h_t of both directions side by side [P, 2H]. The states start at zero. */
export function lstm(r: Recorder, forward: LstmDirection, backward: LstmDirection): Tensor {
  const [steps, wide] = forward.gates.shape
  const y = r.empty('lstm', [steps, wide / 2])
  const passes = [new Pass(r, forward, false), new Pass(r, backward, true)]
  for (const pass of passes) pass.forward(y)
  r.record([y], [forward.gates, forward.weight, backward.gates, backward.weight], () => {
    for (const pass of passes) pass.backward(r.grad(y))
  })
  return y
}
