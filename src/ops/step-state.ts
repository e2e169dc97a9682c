// The numbers that change from step to step and from micro-batch to micro-batch, in a small buffer: StepState in
// shaders/common/step_state.wgsl, by name.
import type { TrainingSettings } from '../config/run-config'
import { type StructLayout, packValues, structFields } from '../gpu/struct-layout'
import { type Slot, type Tensor, slotTensor } from '../tensor/tensor'

const file = 'common/step_state'

/** The numbers of a micro-batch and of a step, with their defaults. */
const unsaid = { lossScale: 1, supervised: 0, seed: 0, learningRate: 0, correction1: 1, correction2: 1 }
export type StepNumbers = typeof unsaid

/** The optimizer's settings, which do not change during a run. */
export type OptimizerSettings = Pick<TrainingSettings, 'beta1' | 'beta2' | 'epsilon' | 'weightDecay' | 'clip'>

/** Room for the struct. WebGPU's bindings start at multiples of 256 bytes. */
const stateBytes = 256

let known: StructLayout | undefined
const layout = () => (known ??= { file, name: 'StepState', fields: structFields(file, 'StepState') })

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The words of StepState. @throws Error naming the shader if its struct has other fields than these: our mistake, not the person's. */
export function packState(settings: OptimizerSettings, numbers: Partial<StepNumbers>): Uint32Array<ArrayBuffer> {
  const { beta1, beta2, epsilon, weightDecay, clip } = settings
  // Subtracted in float64, because 1 − f32(0.999) has a relative error of 1.3e-5.
  const rests = { rest1: 1 - beta1, rest2: 1 - beta2 }
  const values = { beta1, beta2, ...rests, epsilon, weightDecay, clip, ...unsaid, ...numbers }
  return packValues(file, layout(), Object.fromEntries(Object.entries(values).map(([name, value]) => [snakeCase(name), value])))
}

export function stateSlot(): Slot {
  return { label: 'step state', purpose: 'inputs', sizeBytes: stateBytes }
}

export function stateTensor(slot: Slot): Tensor {
  return slotTensor(slot, [stateBytes / 4])
}
