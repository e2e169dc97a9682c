import { expect, it } from 'vitest'
import { defaultTraining } from '../config/run-config'
import { structFields } from '../gpu/struct-layout'
import { packState } from './step-state'

const training = defaultTraining({ beta1: 0.5, beta2: 0.75, epsilon: 2, weightDecay: 3, clip: 4 })

it("holds a step's numbers where the shader has their names", () => {
  const words = packState(training, {
    lossScale: 0.125,
    supervised: 5,
    seed: 4_000_000_000,
    learningRate: 6,
    correction1: 7,
    correction2: 8,
  })
  const floats = new Float32Array(words.buffer)
  const fields = structFields('common/step_state', 'StepState')
  expect(Object.fromEntries(fields.map(({ name, type }, i) => [name, (type === 'f32' ? floats : words)[i]]))).toEqual({
    loss_scale: 0.125,
    supervised: 5,
    seed: 4_000_000_000,
    learning_rate: 6,
    beta1: 0.5,
    beta2: 0.75,
    correction1: 7,
    correction2: 8,
    epsilon: 2,
    weight_decay: 3,
    clip: 4,
    rest1: 0.5,
    rest2: 0.25,
  })
})

it('a number of another name or type is an error that names the shader', () => {
  const unknown: object = { momentum: 1 }
  expect(() => packState(training, unknown)).toThrow(
    /^shader common\/step_state: expected no momentum, got 1\. struct StepState in shaders\/common\/step_state\.wgsl has loss_scale: f32, /,
  )
  expect(() => packState(training, { seed: -1 })).toThrow('shader common/step_state: expected seed to be u32 (a whole number')
})
