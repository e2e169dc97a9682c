// The step's numbers for tests of single ops.
import { type OptimizerSettings, type StepNumbers, packState, stateSlot } from '../ops/step-state'

/** All words of the buffer; settings that are not given are 0. */
export function stepState(numbers: Partial<StepNumbers & OptimizerSettings>): Uint32Array<ArrayBuffer> {
  const { beta1 = 0, beta2 = 0, epsilon = 0, weightDecay = 0, clip = 0, ...others } = numbers
  const words = new Uint32Array(stateSlot().sizeBytes / 4)
  words.set(packState({ beta1, beta2, epsilon, weightDecay, clip }, others))
  return words
}
