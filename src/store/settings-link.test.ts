// Settings in an address: there and back, only what differs, and checked like anything from outside.
import { describe, expect, it } from 'vitest'
import { makeStudio, modelFiles, readyStudio } from '../testing/fake-studio'
import { comparisonQuery, setupQuery } from './settings-link'
import type { Studio } from './studio'

const setupPart = (studio: Studio) => setupQuery(studio.setup.store.getState(), studio.data.store.getState().options)
const comparisonPart = (studio: Studio) => comparisonQuery(studio.comparison.store.getState(), studio.setup.store.getState())

describe('the address', () => {
  it('is empty if everything is default, and has what differs', async () => {
    const studio = makeStudio()
    await studio.openModel(modelFiles)
    expect(setupPart(studio)).toBe('')
    studio.setup.setMethodValue('r', 16)
    studio.setup.setTrainingValue('seed', 5)
    expect(setupPart(studio)).toBe('method=lora&lora.r=16&seed=5')
    studio.setup.setTrainingValue('seed', NaN)
    expect(setupPart(studio)).toBe('method=lora&lora.r=16')
  })

  it('sets up another studio like the first, once it has a model', async () => {
    const first = await readyStudio()
    first.setup.choose('prompt-tuning')
    first.setup.setTrainingValue('learningRate', 0.25)
    const second = makeStudio()
    second.link.take(`setup?${setupPart(first)}`)
    expect(second.link.store.getState().waiting).toBeDefined()
    await second.openModel(modelFiles)
    expect(second.setup.store.getState()).toMatchObject({ method: 'prompt-tuning', training: { learningRate: 0.25 } })
    expect(second.link.store.getState()).toEqual({ waiting: undefined, refused: [] })
  })

  it('carries the words around prompts, with the tokens of a preset', async () => {
    const first = await readyStudio()
    await first.data.setOptions({ taskDescription: 'Say it.', chatTemplate: false })
    await first.choosePreset('question-answer')
    const second = await readyStudio()
    second.link.take(`setup?${setupPart(first)}`)
    const { taskDescription, chatTemplate, promptTemplate } = first.data.store.getState().options
    expect(promptTemplate).toContain('{prompt}<END_Q>')
    expect(second.data.store.getState().options).toMatchObject({ taskDescription, chatTemplate, promptTemplate })
    expect(second.setup.store.getState().drafts.lora.newTokens).toBe('<START_Q>, <END_Q>, <START_A>, <END_A>')
    await second.choosePreset('none')
    expect([second.data.store.getState().options.promptTemplate, second.setup.store.getState().drafts.lora.newTokens]).toEqual(['', ''])
  })

  it('refuses values that cannot be used, and takes the rest', async () => {
    const studio = await readyStudio()
    studio.link.take('setup?method=telepathy&steps=many&batchSize=0&seed=9&lora.r=2')
    expect(studio.link.store.getState().refused).toEqual(['method', 'steps', 'batchSize'])
    expect(studio.setup.store.getState()).toMatchObject({ method: 'lora', training: { seed: 9, batchSize: 4 }, drafts: { lora: { r: 2 } } })
    studio.link.take('library?steps=3')
    studio.link.take('setup')
    expect(studio.link.store.getState().waiting).toBeUndefined()
  })

  it('takes numbers and switches only as links write them', async () => {
    const studio = await readyStudio()
    studio.link.take('setup?steps=1%2C000&batchSize=0x10&warmup=1.000.000&seed=1e3&shuffle=maybe&packing=yes&decayAll=false')
    expect(studio.link.store.getState().refused).toEqual(['steps', 'batchSize', 'warmup', 'shuffle'])
    expect(studio.setup.store.getState().training).toMatchObject({ steps: 0, batchSize: 4, seed: 1000, packing: true, shuffle: true })
    studio.link.take('compare?methods=lora&rate.lora=0%2C001')
    expect(studio.link.store.getState().refused).toEqual(['rate.lora'])
  })

  it('carries a comparison', async () => {
    const first = await readyStudio()
    first.comparison.choose(['prompt-tuning', 'lora'])
    first.comparison.setRate('lora', 0.01)
    first.comparison.setTrainingValue('steps', 12)
    first.setup.setDraft('lora', 'r', 2)
    first.comparison.setExactMatchRows(3)
    expect(comparisonPart(first)).toBe('methods=lora%2Cprompt-tuning&rate.lora=0.01&lora.r=2&steps=12&exactMatchRows=3')
    const second = await readyStudio()
    second.link.take(`compare?${comparisonPart(first)}&rate.prompt-tuning=-1`)
    expect(comparisonPart(second)).toBe(comparisonPart(first))
    expect(second.link.store.getState().refused).toEqual(['rate.prompt-tuning'])
  })
})
