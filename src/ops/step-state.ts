// What changes from step to step and from micro-batch to micro-batch, in a small buffer of its own (StepState in the shaders).
import type { Slot } from '../tensor/tensor'

/** The numbers in shaders/common/step_state.wgsl. */
export interface StepNumbers {
  lossScale: number
  supervised: number
  seed: number
  learningRate: number
  beta1: number
  beta2: number
  correction1: number
  correction2: number
  epsilon: number
  weightDecay: number
  clip: number
}

export const stepStateBytes = 256

/** As the bytes of StepState. */
export function packState(n: StepNumbers): Uint32Array<ArrayBuffer> {
  const f32 = new Float32Array([
    n.lossScale,
    0,
    0,
    n.learningRate,
    n.beta1,
    n.beta2,
    n.correction1,
    n.correction2,
    n.epsilon,
    n.weightDecay,
    n.clip,
    1 - n.beta1,
    1 - n.beta2,
  ])
  const u32 = new Uint32Array(f32.buffer)
  u32[1] = n.supervised
  u32[2] = n.seed
  return u32
}

export function stateSlot(): Slot {
  return { label: 'step state', purpose: 'inputs', sizeBytes: stepStateBytes }
}
