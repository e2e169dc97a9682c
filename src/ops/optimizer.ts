// One optimizer step over all trainable tensors: global norm, finiteness, clipping, AdamW; nothing is read back.
import type { Recorder } from '../tensor/recorder'
import type { Parameters } from '../tensor/parameters'
import { type Tensor, slotTensor } from '../tensor/tensor'
import { rowParts, threads } from './grid'

/** 4-vectors summed by one thread of the gradient norm. */
const piece = 256

/** metrics[1…4] = norm, finite, clipping factor, halted; then every parameter steps, unless halted. */
export function optimizerStep(r: Recorder, parameters: Parameters, state: Tensor, metrics: Tensor): void {
  const pieces = parameters.groups.map((g) => Math.ceil(g.size / 4 / piece))
  const total = pieces.reduce((a, b) => a + b, 0)
  const parts = r.empty('squares', [total])
  let first = 0
  parameters.groups.forEach((g, i) => {
    const vectors = g.size / 4
    r.launch({ file: 'grad_norm', parts: ['common/index'] }, [slotTensor(g.gradients, [g.size]), parts], [vectors, piece, pieces[i], first], threads(pieces[i]), g.size)
    first += pieces[i]
  })
  r.launch({ file: 'grad_norm_final', parts: [rowParts(r.profile), 'common/step_state'] }, [state, parts, metrics], [total], [1, 1, 1])
  for (const g of parameters.groups) {
    const all = (slot: typeof g.values) => slotTensor(slot, [g.size])
    r.launch(
      { file: 'adamw', parts: ['common/index', 'common/step_state'] },
      [state, metrics, slotTensor(g.rates, [(g.size / 64) * 2]), all(g.gradients), all(g.mean), all(g.square), all(g.values)],
      [g.size / 4],
      threads(g.size / 4),
      g.size * 4,
    )
  }
}
