// What keeps a run from starting is named, with its setting or its place.
import { describe, expect, it } from 'vitest'
import { saying } from '../testing/saying'
import { asWritten, say } from '../config/phrase'
import { tooShortModel } from '../testing/fake-advice'
import { createFakeEngine } from '../testing/fake-engine'
import { dataFile, makeStudio, missingOf, modelFiles, readyStudio, rows, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import { obstacle } from './missing'

describe('what stands in the way of a run', () => {
  it('is nothing if it can start', async () => {
    expect((await readyStudio()).readiness.getState().obstacle).toBeUndefined()
  })

  it('names what is missing, one thing after another', async () => {
    const studio = makeStudio()
    expect(missingOf(studio)).toBe('device')
    await studio.device.check({ secure: true, hasWebGpu: true })
    expect(missingOf(studio)).toBe('model')
    const loading = studio.openModel(modelFiles)
    expect(missingOf(studio)).toBe('modelLoading')
    await loading
    expect(missingOf(studio)).toBe('data')
    await studio.openData(dataFile())
    await until(() => missingOf(studio) === undefined)
    expect(studio.setup.store.getState().memory?.totalBytes).toBeGreaterThan(0)
    studio.setup.setTrainingValue('batchSize', 0)
    expect(missingOf(studio)).toBe('fields')
  })

  it('names the setting of the method with whose name the error begins', async () => {
    const error = say`target modules: expected all-linear or some of q_proj, got foo. Correct the list.`
    const engine = createFakeEngine({ beatMs: 0 })
    const studio = await readyStudio(memoryKeeping(), {
      ...engine,
      estimate: (config) =>
        config.methodSettings.targetModules === 'foo'
          ? Promise.resolve({ ok: false, error: { kind: 'FormatError', phrase: error, settings: [] } })
          : engine.estimate(config),
    })
    studio.setup.setMethodValue('targetModules', 'foo')
    await until(() => missingOf(studio) === 'settings')
    expect(studio.readiness.getState().obstacle).toEqual({ missing: 'settings', words: error, settings: ['targetModules'] })
  })

  it('stops at bad lines until the person agrees to leave them out', async () => {
    const studio = await readyStudio()
    await studio.openData(dataFile(`${rows}\nnot json`))
    expect(missingOf(studio)).toBe('badLines')
    expect(studio.comparisonPlan.getState().missing).toBe('badLines')
    expect(studio.data.store.getState().report?.problems[0]).toEqual({ line: 41, reason: say`expected JSON, got something else` })
    studio.data.acceptProblems(studio.data.store.getState().report!)
    await until(() => missingOf(studio) === undefined)
  })

  it('asks again when a shorter length makes more lines unusable', async () => {
    const studio = await readyStudio()
    const long = JSON.stringify({ prompt: 'many words in a row '.repeat(8), completion: 'yes' })
    await studio.openData(dataFile(`${rows}\nnot json\n${long}`))
    studio.data.acceptProblems(studio.data.store.getState().report!)
    await until(() => missingOf(studio) === undefined)
    studio.setup.setTrainingValue('maxLength', 16)
    await until(() => missingOf(studio) === 'badLines')
    studio.data.acceptProblems(studio.data.store.getState().report!)
    await until(() => missingOf(studio) === undefined)
    studio.setup.setTrainingValue('maxLength', 64)
    await until(() => studio.data.store.getState().report?.problemCount === 1)
    await until(() => missingOf(studio) === undefined)
    // Lines that are read in another way may be other lines.
    await studio.data.setOptions({ holdOut: 0.2 })
    expect(missingOf(studio)).not.toBe('badLines')
    await studio.data.setOptions({ trainOn: 'everything' })
    expect(missingOf(studio)).toBe('badLines')
  })

  it('asks about characters that the vocabulary cannot write, again when there are others', async () => {
    const studio = await readyStudio()
    const withEmoji = (emoji: string) => `${rows}\n${JSON.stringify({ prompt: 'a', completion: `b ${emoji}` })}`
    await studio.openData(dataFile(withEmoji('😀')))
    expect(missingOf(studio)).toBe('unknownCharacters')
    expect(studio.comparisonPlan.getState().missing).toBe('unknownCharacters')
    expect(studio.readiness.getState().obstacle).toMatchObject({ missing: 'unknownCharacters', card: 'data' })
    studio.data.acceptUnknown(studio.data.store.getState().report!)
    await until(() => missingOf(studio) === undefined)
    await studio.data.setOptions({ trainOn: 'everything' })
    await until(() => missingOf(studio) === undefined)
    await studio.openData(dataFile(withEmoji('🎈')))
    expect(missingOf(studio)).toBe('unknownCharacters')
    await studio.openData(dataFile())
    await until(() => missingOf(studio) === undefined)
  })

  it('names a card if something must be chosen or decided', async () => {
    const studio = makeStudio()
    await studio.device.check({ secure: true, hasWebGpu: true })
    expect(studio.readiness.getState().obstacle).toEqual({ missing: 'model', settings: [], card: 'model' })
    await studio.openModel(modelFiles)
    expect(studio.readiness.getState().obstacle).toEqual({ missing: 'data', settings: [], card: 'data' })
    await studio.openData(dataFile(`${rows}\nnot json`))
    expect(studio.readiness.getState().obstacle).toEqual({ missing: 'badLines', settings: [], card: 'data' })
  })

  it('does not repeat the sentence of an estimate that no longer counts', async () => {
    const setup = (await readyStudio()).setup.store.getState()
    const report = (await readyStudio()).data.store.getState().report!
    const parts = (more: object) => ({
      device: { status: 'ready' } as never,
      model: { report: {} } as never,
      data: { file: {}, report: { ...report, trainRows: 0 }, options: {} } as never,
      setup: { ...setup, ...more },
      reloadsBase: false,
    })
    const old = say`an older sentence`
    expect(obstacle(parts({ estimating: true, error: old }))).toEqual({ missing: 'nothingToTrain', settings: ['maxLength'] })
    expect(obstacle(parts({ estimating: false, error: old }))).toMatchObject({ words: old })
  })

  it('is the first setting that cannot be used, of the method or of training', async () => {
    const studio = await readyStudio()
    studio.setup.setTrainingValue('epochs', 0)
    studio.setup.setTrainingValue('memoryBudget', NaN)
    expect(studio.readiness.getState().obstacle).toEqual({
      missing: 'fields',
      settings: ['epochs'],
      words: say`a number from ${0.01} to ${1000}`,
    })
    studio.setup.setMethodValue('r', 1.5)
    expect(studio.readiness.getState().obstacle).toMatchObject({ settings: ['r'], words: say`a whole number from ${1} to ${1024}` })
  })

  it('is the settings that make the run too large, as the engine names them', async () => {
    const studio = await readyStudio()
    studio.setup.setTrainingValue('batchSize', 1024)
    await until(() => missingOf(studio) === 'memory')
    expect(studio.readiness.getState().obstacle).toEqual({
      missing: 'memory',
      settings: ['batchSize', 'maxLength'],
      words: saying('Lower the batch size or the maximum length.'),
    })
    const fake = createFakeEngine({ beatMs: 0 })
    const refused = { kind: 'DeviceError', phrase: asWritten('graphics memory: expected less.'), settings: ['batchSize'] } as const
    const other = await readyStudio(memoryKeeping(), {
      ...fake,
      estimate: async (config) => (config.training.batchSize > 9 ? { ok: false, error: refused } : fake.estimate(config)),
    })
    other.setup.setTrainingValue('batchSize', 10)
    await until(() => missingOf(other) === 'settings')
    expect(other.readiness.getState().obstacle).toEqual({
      missing: 'settings',
      settings: ['batchSize'],
      words: asWritten('graphics memory: expected less.'),
    })
  })

  it('is not called too large where another setting is the reason', async () => {
    const { engine, problem } = tooShortModel(createFakeEngine({ beatMs: 0 }))
    const studio = await readyStudio(memoryKeeping(), engine)
    studio.setup.setTrainingValue('maxLength', 2048)
    await until(() => missingOf(studio) === 'settings')
    expect(studio.readiness.getState().obstacle).toEqual({ missing: 'settings', settings: ['maxLength'], words: problem })
  })

  it('is kept with a run that the device refused', async () => {
    const fake = createFakeEngine({ beatMs: 0 })
    const error = { kind: 'DeviceError', phrase: asWritten('graphics memory: refused.'), settings: ['batchSize', 'memoryBudget'] } as const
    const studio = await readyStudio(memoryKeeping(), { ...fake, train: async () => ({ ok: false, error }) })
    const run = await studio.queue.done(studio.start() ?? '')
    expect(run).toMatchObject({ status: 'failed', error: error.phrase, errorSettings: error.settings })
  })
})
