// The guide for a person's own files: each of its steps follows from what is open and what has run, whoever did it.
import { describe, expect, it } from 'vitest'
import { dataFile, makeStudio, missingOf, modelFiles, readyStudio, until } from '../testing/fake-studio'

describe('the guide', () => {
  it('leads from an empty page to an adapter, and can begin again', async () => {
    const studio = makeStudio()
    const step = () => studio.guide.state.getState().step
    await studio.device.check({ secure: true, hasWebGpu: true })
    expect(step()).toBeUndefined()
    studio.guide.begin()
    expect(step()).toBe('model')
    await studio.openModel(modelFiles)
    expect(step()).toBe('data')
    await studio.openData(dataFile())
    expect(step()).toBe('start')
    await until(() => missingOf(studio) === undefined)
    const runId = studio.start()
    expect(studio.guide.state.getState()).toEqual({ step: 'training', runId })
    await until(() => step() === 'done')
    expect(studio.guide.state.getState().runId).toBe(runId)
    await new Promise((resolve) => setTimeout(resolve, 2))
    studio.guide.begin()
    expect(step()).toBe('start')
  })

  it('asks for own files after the demo, whose model and data are still open', async () => {
    const studio = makeStudio()
    const step = () => studio.guide.state.getState().step
    await studio.device.check({ secure: true, hasWebGpu: true })
    await studio.openModel(modelFiles)
    await studio.openData(dataFile())
    studio.guide.beginWithOwn()
    expect(step()).toBe('model')
    // The same model in another format is still that of the demo.
    await studio.model.reload('nf4')
    expect(step()).toBe('model')
    await studio.openModel(modelFiles.map(({ path, file }) => ({ path, file: new File([file], path) })))
    expect(step()).toBe('data')
    await studio.openData(dataFile())
    expect(step()).toBe('start')
  })

  it('is over once its end was read where the run is shown', async () => {
    const studio = await readyStudio()
    const step = () => studio.guide.state.getState().step
    const look = (place: string) => studio.guide.isAt(place, step())
    studio.guide.begin()
    studio.start()
    await until(() => step() === 'done')
    look('library')
    look('setup')
    expect(step()).toBe('done')
    look('train')
    expect(step()).toBe('done')
    look('library')
    expect(step()).toBeUndefined()

    // What was read of one run says nothing about the next.
    studio.guide.begin()
    look('setup')
    await new Promise((resolve) => setTimeout(resolve, 2))
    studio.start()
    await until(() => step() === 'done')
    look('setup')
    expect(step()).toBe('done')
  })

  it('can be left at any time, and stays open over a reload', async () => {
    const texts = new Map<string, string>()
    const preferences = {
      getItem: (key: string) => texts.get(key) ?? null,
      setItem: (key: string, value: string) => void texts.set(key, value),
    }
    const open = () => makeStudio({}, undefined, undefined, { preferences }).guide
    open().begin()
    const again = open()
    expect(again.state.getState().step).toBe('model')
    again.leave()
    expect(again.state.getState()).toEqual({})
    expect(open().state.getState()).toEqual({})
  })
})
