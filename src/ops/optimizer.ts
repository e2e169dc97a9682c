// One optimizer step over all trainable tensors: global norm, check for finite values, clipping, AdamW. Nothing is read back.
import type { Recorder } from '../tensor/recorder'
import { type ParameterGroup, type Parameters, stateBytes } from '../tensor/parameters'
import { type Slot, type Tensor, slotTensor } from '../tensor/tensor'
import { rowGroups, rowParts, threads } from './grid'
import { stepMetricsPart } from './step-metrics'

/** 4-vectors summed by one thread of the gradient norm. */
const piece = 256

/** A range of a group's parameters, and the place of its states. `first` is a multiple of 2048. */
interface OptimizerRun {
  first: number
  size: number
  /** Where they begin, as `ParameterGroup.states`. */
  states: readonly { slot: Slot; offset: number }[]
}

/** Writes the norm, whether loss and norm are finite, and the clipping factor into the step's metrics. */
export function gradientNorm(r: Recorder, parameters: Parameters, state: Tensor, metrics: Tensor): void {
  const pieces = parameters.groups.map((g) => Math.ceil(g.size / 4 / piece))
  const total = pieces.reduce((a, b) => a + b, 0)
  const parts = r.empty('squares', [total])
  let first = 0
  parameters.groups.forEach((g, i) => {
    const vectors = g.size / 4
    r.launch({
      kernel: { file: 'grad_norm', parts: ['common/index'] },
      tensors: [slotTensor(g.gradients, [g.size]), parts],
      params: { vectors, piece, pieces: pieces[i], first },
      workgroups: threads(pieces[i]),
      flops: g.size,
    })
    first += pieces[i]
  })
  r.launch({
    kernel: { file: 'grad_norm_final', parts: [rowParts(r.profile), 'common/step_state', stepMetricsPart] },
    tensors: [state, parts, metrics],
    params: { pieces: total },
    workgroups: [1, 1, 1],
  })
}

/** AdamW on a range of parameters, unless halted; with `maps` [512] if states have 8 bits. */
export function adamW(
  r: Recorder,
  g: ParameterGroup,
  state: Tensor,
  metrics: Tensor,
  maps: Tensor | undefined,
  { first, size, states }: OptimizerRun,
): void {
  const part = (slot: Slot) => slotTensor(slot, [size], 'f32', first * 4)
  const rates = slotTensor(g.rates, [(size / 64) * 2], 'f32', (first / 64) * 8)
  const words = stateBytes(g.bits, size) / 4 / states.length
  const lying = states.map(({ slot, offset }) => slotTensor(slot, [words], g.bits === 32 ? 'f32' : 'u32', offset))
  if (g.bits === 8) {
    const blocks = size / 256
    r.launch({
      kernel: { file: 'adamw_8bit', parts: [rowParts(r.profile), 'common/step_state', stepMetricsPart] },
      tensors: [state, metrics, maps!, rates, part(g.gradients), ...lying, part(g.values)],
      params: { blocks },
      workgroups: rowGroups(r.profile, blocks),
      flops: size * 4,
    })
    return
  }
  r.launch({
    kernel: { file: 'adamw', parts: ['common/index', 'common/step_state', stepMetricsPart] },
    tensors: [state, metrics, rates, part(g.gradients), ...lying, part(g.values)],
    params: { vectors: size / 4 },
    workgroups: threads(size / 4),
    flops: size * 4,
  })
}

/** Computes the norm, and then updates every parameter. */
export function optimizerStep(r: Recorder, parameters: Parameters, state: Tensor, metrics: Tensor): void {
  gradientNorm(r, parameters, state, metrics)
  for (const g of parameters.groups)
    adamW(r, g, state, metrics, parameters.maps, { first: 0, size: g.size, states: g.states.map((slot) => ({ slot, offset: 0 })) })
}
