// The demo from its files to its exact match, and why it stops where it does.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../cli/node/cache.mjs'
import { isBundle } from '../pictures/bundle'
import { decodeHere } from '../testing/decode-here'
import { saying } from '../testing/saying'
import { asWritten } from '../config/phrase'
import { unzipBlob } from '../storage/unzip'
import { WorkbenchHost } from '../worker/workbench-host'
import { createFakeEngine } from '../testing/fake-engine'
import { dataFile, makeStudio, readyStudio, until } from '../testing/fake-studio'
import { slowReader } from '../testing/slow-reader'
import type { EngineApi } from '../worker/api'
import { runsOf } from './comparison-rows'
import type { DemoKind } from './demo-state'
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
    expect(demo.examples).toHaveLength(3)
    for (const { answers } of demo.examples ?? []) expect(answers).toHaveLength(2)
    expect(demo.base?.files.map(({ file }) => file.name)).toEqual(['config.json', 'model.safetensors'])
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

describe('the demo of pictures', () => {
  const zip = readFileSync(join(root, 'public', 'demo', 'pictures', 'drawings.zip'))
  const plan = (comparison: string) => ({ name: 'shapes', model: ['config.json', 'model.safetensors'], data: 'drawings.zip', comparison })

  /** The engine of tests reads text, so it gets rows in the place of the pictures. */
  async function studioWith(demo: object, read: string[] = [], kind: DemoKind = 'pictures') {
    const loadData: EngineApi['loadData'] = async (file, ...args) => {
      read.push(`${file.path} ${(await isBundle(file.file)) ? 'of pictures' : ''}`)
      return fake.loadData(dataFile(), ...args)
    }
    const studio = createStudio({
      engine: { ...fake, loadData },
      keeping: memoryKeeping(),
      unzip: unzipBlob,
      pictures: decodeHere(),
      workbench: new WorkbenchHost(),
      fetchDemoFile: async (path) => new File([path.endsWith('.zip') ? zip : path.endsWith('demo.json') ? JSON.stringify(demo) : ''], path),
    })
    await studio.device.check({ secure: true, hasWebGpu: true })
    await studio.demo.start(kind)
    return studio
  }

  it('compares its methods from all of their seeds', async () => {
    const read: string[] = []
    const studio = await studioWith(plan('methods=lora,ia3&rate.ia3=0.5&lora.r=4&steps=3&vary=seed%3D0,1'), read)
    const demo = studio.demo.store.getState()
    expect(demo).toMatchObject({ kind: 'pictures', stage: 'done' })
    expect(read).toEqual(['drawings of pictures'])
    expect(studio.pictures.store.getState().bundle?.pictures).toHaveLength(156)
    const runs = runsOf(studio.runs.store.getState().runs, demo.comparisonId)
    expect(runs.map(({ comparison, status }) => [comparison?.variant, status])).toEqual(
      ['LoRA seed 0', 'LoRA seed 1', 'IA3 seed 0', 'IA3 seed 1'].map((name) => [name, 'finished']),
    )
    expect(runs[0].config).toMatchObject({ methodSettings: { r: 4 }, training: { steps: 3, seed: 0 } })
    expect(runs[3].config.training).toMatchObject({ learningRate: 0.5, seed: 1 })
  })

  it.each([
    [plan('methods=lora,telepathy'), 'The demo’s comparison cannot start here: telepathy.'],
    [plan('methods='), 'The demo’s comparison cannot start here: methods.'],
    [{ ...plan('methods=lora'), data: 'demo.json' }, 'demo.json: expected pictures in folders, got none.'],
    [{ name: 'shapes' }, 'demo/pictures/demo.json: expected the entries name, model'],
  ])('says what is wrong with a plan', async (wrong, sentence) => {
    const studio = await studioWith(wrong)
    expect(studio.demo.store.getState()).toMatchObject({ stage: 'failed', error: saying(sentence) })
  })

  it('reads the files of its own folder', async () => {
    const studio = await studioWith({ name: 'captions' }, [], 'words')
    expect(studio.demo.store.getState()).toMatchObject({
      kind: 'words',
      error: saying('demo/clip/demo.json: expected the entries name, model'),
    })
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
    [
      'its examples are not answered',
      { answerRows: async () => ({ ok: false, error: { kind: 'DeviceError', phrase: asWritten('device: lost.') } }) },
      'device: lost.',
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
