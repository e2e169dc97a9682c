// A method for benchmarks only: one shift of the embeddings is trained, so that everything runs forward and back to the input and nothing else does.
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
