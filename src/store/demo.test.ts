// The demo from its files to its exact match, and why it stops where it does.
import { describe, expect, it } from 'vitest'
import { saying } from '../testing/saying'
import { asWritten } from '../config/phrase'
import { unzipBlob } from '../storage/unzip'
import { WorkbenchHost } from '../worker/workbench-host'
import { createFakeEngine } from '../testing/fake-engine'
import { makeStudio, readyStudio, until } from '../testing/fake-studio'
import { slowReader } from '../testing/slow-reader'
import type { EngineApi } from '../worker/api'
import { memoryKeeping } from './keeping'
import { createStudio } from './studio'

const fake = createFakeEngine({ beatMs: 0 })

describe('the demo', () => {
  it('runs to the end and shows exact match before and after', async () => {
    const studio = makeStudio()
    await studio.device.check({ secure: true, hasWebGpu: true })
    await studio.demo.start()
    const demo = studio.demo.store.getState()
    expect(demo).toMatchObject({ stage: 'done', before: { matched: 0 } })
    expect(studio.runs.find(demo.runId ?? '')).toMatchObject({
      status: 'finished',
      exactMatch: { before: { matched: 0, rows: 40 }, after: { matched: 36, rows: 40 } },
      config: { methodSettings: { r: 4, alpha: 16 }, training: { steps: 6, maxLength: 64 } },
    })
  })

  it('says what is wrong if the demo is missing', async () => {
    const studio = createStudio({
      engine: createFakeEngine({ beatMs: 0 }),
      keeping: memoryKeeping(),
      unzip: unzipBlob,
      workbench: new WorkbenchHost(),
      fetchDemoFile: async () => new File(['{}'], 'demo.json'),
    })
    await studio.demo.start()
    expect(studio.demo.store.getState()).toMatchObject({ stage: 'failed', error: saying('demo/demo.json: expected') })
  })
})

describe('the demo over a slow engine', () => {
  it('reads its data once, at its own length, however long that takes', async () => {
    const { lengths, change } = slowReader(900)
    const studio = makeStudio(change)
    await studio.device.check({ secure: true, hasWebGpu: true })
    studio.setup.setTrainingValue('maxLength', 4096)
    await studio.demo.start()
    expect(studio.demo.store.getState()).toMatchObject({ stage: 'done' })
    expect(lengths).toEqual([64])
  })

  it.each<[string, Partial<EngineApi>, string]>([
    [
      'its model is not loaded',
      { loadModel: async () => ({ ok: false, error: { kind: 'FormatError', phrase: asWritten('model: broken.') } }) },
      'model: broken.',
    ],
    [
      'loading is stopped',
      { loadModel: async () => ({ ok: false, error: { kind: 'Cancelled', phrase: asWritten('Stopped as asked.') } }) },
      'was not loaded to the end',
    ],
    [
      'its data are not read',
      { loadData: async () => ({ ok: false, error: { kind: 'FormatError', phrase: asWritten('data: broken.') } }) },
      'data: broken.',
    ],
    [
      'its run fails',
      { train: async () => ({ ok: false, error: { kind: 'DeviceError', phrase: asWritten('device: lost.') } }) },
      'device: lost.',
    ],
    [
      'measuring is stopped',
      { exactMatch: async () => ({ ok: false, error: { kind: 'Cancelled', phrase: asWritten('Stopped as asked.') } }) },
      'Stopped as asked.',
    ],
  ])('says why it stops where %s', async (_, change, sentence) => {
    const studio = makeStudio({ ...fake, ...change })
    await studio.device.check({ secure: true, hasWebGpu: true })
    await studio.demo.start()
    expect(studio.demo.store.getState()).toMatchObject({ stage: 'failed', error: saying(sentence) })
  })

  it('says why it stops if its run is deleted while it waits for another', async () => {
    const train: EngineApi['train'] = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      return fake.train(...args)
    }
    const studio = await readyStudio(memoryKeeping(), { ...fake, train })
    studio.start()
    const demo = studio.demo.start()
    await until(() => studio.demo.store.getState().runId !== undefined)
    await studio.remove(studio.demo.store.getState().runId ?? '')
    await demo
    expect(studio.demo.store.getState()).toMatchObject({ stage: 'failed', error: saying('deleted') })
  })
})
