import { expect, it } from 'vitest'
import { readyStudio } from '../testing/fake-studio'

it('keeps the training settings when another method is chosen, and the learning rate for each method', async () => {
  const { setup } = await readyStudio()
  const training = () => setup.store.getState().training
  const usual = training().learningRate
  setup.setTrainingValue('steps', 12)
  setup.setTrainingValue('batchSize', 2)
  setup.setTrainingValue('learningRate', 0.005)
  setup.choose('prompt-tuning')
  expect(training()).toMatchObject({ steps: 12, batchSize: 2 })
  expect([0.005, usual]).not.toContain(training().learningRate)
  const ofPrompts = training().learningRate
  setup.setTrainingValue('steps', 13)
  setup.choose('lora')
  expect(training()).toMatchObject({ steps: 13, batchSize: 2, learningRate: 0.005 })
  setup.choose('prompt-tuning')
  expect(training().learningRate).toBe(ofPrompts)
  // Defaults are those of the chosen method; what was entered for others stays.
  setup.choose('lora')
  setup.reset()
  expect(training().learningRate).toBe(usual)
  setup.choose('prompt-tuning')
  setup.choose('lora')
  expect(training().learningRate).toBe(usual)
})
