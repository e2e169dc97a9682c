// A method for benchmarks only. It trains one vector that is added to the embeddings, so a step is the forward pass and the backward pass
// to the input, and almost nothing else.
import { addBias } from '../ops/bias'
import type { Method } from '../peft/method'

export const frozen: Method = {
  name: 'frozen',
  label: 'Frozen base',
  summary: 'Forward and backward to the input, for comparison.',
  paper: '',
  fields: [],
  training: {},
  bases: [],
  peftType: 'FROZEN',
  async setUp({ base, parameters }) {
    const size = base.config.hidden
    const shift = parameters.add({ name: 'shift', shape: [size], values: new Float32Array(size), decay: false })
    return { embeds: (r, x) => addBias(r, x, shift) }
  },
  toConfig: () => ({}),
  configKeys: {},
  fromConfig: () => ({}),
}
