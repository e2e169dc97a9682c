// Readings that overlap, and readings that fail: nobody waits in vain, and what was loaded stays.
import { describe, expect, it } from 'vitest'
import { saying } from '../testing/saying'
import { asWritten, say } from '../config/phrase'
import { createFakeEngine } from '../testing/fake-engine'
import { dataFile, missingOf, readyStudio, rows, until } from '../testing/fake-studio'
import { slowReader } from '../testing/slow-reader'
import type { EngineApi, PickedFile } from '../worker/api'
import { memoryKeeping } from './keeping'

const fake = createFakeEngine({ beatMs: 0 })
const named = (name: string, text = rows): PickedFile => ({ path: name, file: new File([text], name) })

describe('readings that overlap', () => {
  it('end with the result of the newest one of the same file', async () => {
    const studio = await readyStudio(memoryKeeping(), slowReader(20).change)
    const ends = [0.2, 0.3, 0.05].map((holdOut) => studio.data.setOptions({ holdOut }))
    expect(await Promise.all(ends)).toEqual([{ ok: true }, { ok: true }, { ok: true }])
    expect(studio.data.store.getState()).toMatchObject({ loading: false, options: { holdOut: 0.05 }, report: { evalRows: 2 } })
    expect(studio.data.store.getState().failed).toBeUndefined()
  })

  it('say so if another file took their place', async () => {
    const studio = await readyStudio(memoryKeeping(), slowReader(20).change)
    const [first, second] = await Promise.all([studio.openData(named('a.jsonl')), studio.openData(named('b.jsonl'))])
    expect(first).toEqual({ ok: false, reason: saying('Another dataset was chosen') })
    expect(second).toEqual({ ok: true })
    expect(studio.data.store.getState().report?.name).toBe('b.jsonl')
  })

  it('are waited for by a caller that wants the options being read', async () => {
    const studio = await readyStudio(memoryKeeping(), slowReader(30).change)
    void studio.data.setOptions({ holdOut: 0.2 })
    expect(await studio.data.setOptions({ holdOut: 0.2 })).toEqual({ ok: true })
    expect(studio.data.store.getState().loading).toBe(false)
    void studio.data.setOptions({ holdOut: 0.3 })
    expect(await studio.data.ready()).toEqual({ ok: true })
    expect(studio.data.store.getState()).toMatchObject({ loading: false, report: { evalRows: 12 } })
  })
})

describe('the maximum length', () => {
  const state = (studio: Awaited<ReturnType<typeof readyStudio>>) => studio.data.store.getState()

  it('is counted at once, and nothing is read again', async () => {
    const { lengths, change } = slowReader(0)
    const studio = await readyStudio(memoryKeeping(), change)
    await studio.openData(dataFile(rows.replaceAll('number', 'the number that follows the one before it and has no name is')))
    for (const maxLength of [64, 8, 12]) studio.setup.setTrainingValue('maxLength', maxLength)
    await until(() => state(studio).report?.maxLength === 12)
    expect(state(studio)).toMatchObject({ loading: false, report: { rows: 40, cutRows: 40 }, options: state(studio).options })
    // A number that is no length yet changes nothing.
    for (const maxLength of [0, NaN, 7.5]) studio.setup.setTrainingValue('maxLength', maxLength)
    expect(state(studio).maxLength).toBe(12)
    studio.setup.setTrainingValue('maxLength', 64)
    await until(() => state(studio).report?.maxLength === 64)
    expect([state(studio).report?.cutRows, state(studio).preview.length]).toEqual([0, 3])
    expect(lengths).toEqual([512, 512])
  })

  it('that leaves nothing of any row prevents the start and names the setting', async () => {
    const long = Array.from({ length: 5 }, () => JSON.stringify({ prompt: 'many words in a row '.repeat(6), completion: 'yes' }))
    const studio = await readyStudio()
    await studio.openData(dataFile(long.join('\n')))
    await until(() => missingOf(studio) === undefined)
    studio.setup.setTrainingValue('maxLength', 8)
    await until(() => state(studio).report?.maxLength === 8)
    expect(studio.readiness.getState().obstacle).toEqual({ missing: 'nothingToTrain', settings: ['maxLength'] })
    await until(() => studio.readiness.getState().obstacle?.words !== undefined)
    expect(studio.readiness.getState().obstacle?.words).toEqual(saying('Raise the maximum length'))
    expect(state(studio).report).toMatchObject({ rows: 0, problemCount: 5 })
    studio.setup.setTrainingValue('maxLength', 64)
    await until(() => missingOf(studio) === undefined)
  })

  it('that changes while a file is read counts when it has been read', async () => {
    const studio = await readyStudio(memoryKeeping(), slowReader(20).change)
    const reading = studio.openData(named('b.jsonl'))
    studio.setup.setTrainingValue('maxLength', 8)
    await reading
    expect(state(studio).report).toMatchObject({ name: 'b.jsonl', maxLength: 8 })
  })

  it('that is being read can be cancelled, and what was read before stays', async () => {
    const stops: (() => void)[] = []
    const studio = await readyStudio(memoryKeeping(), {
      ...fake,
      loadData: (...given) =>
        given[0].path === 'endless.jsonl'
          ? new Promise((resolve) => stops.push(() => resolve({ ok: false, error: { kind: 'Cancelled', phrase: say`Stopped as asked.` } })))
          : fake.loadData(...given),
      cancel: async () => void stops.splice(0).forEach((stop) => stop()),
    })
    const before = state(studio).report
    const reading = studio.openData(named('endless.jsonl'))
    await until(() => stops.length > 0)
    await studio.data.cancel()
    expect(await reading).toMatchObject({ ok: false })
    expect(state(studio)).toMatchObject({
      loading: false,
      report: before,
      failed: { reason: saying('Stopped as asked.') },
    })
    expect(state(studio).failed?.unmapped).toBeUndefined()
    // A reading that is replaced is cancelled too, or the new one would wait for it.
    const replaced = studio.openData(named('endless.jsonl'))
    await until(() => stops.length > 0)
    await studio.openData(named('b.jsonl'))
    expect(await replaced).toMatchObject({ ok: false })
    expect(state(studio).report).toMatchObject({ name: 'b.jsonl' })
  })

  it('that changes before another file is read does not bring back what was read before', async () => {
    const studio = await readyStudio()
    studio.data.stage(named('b.jsonl'))
    await studio.data.setMaxLength(64)
    expect(state(studio)).toMatchObject({ file: { path: 'b.jsonl' }, report: undefined, preview: [] })
    studio.data.clear()
    await studio.data.setMaxLength(32)
    expect(state(studio)).toMatchObject({ file: undefined, report: undefined, preview: [] })
    await studio.openData(named('b.jsonl'))
    expect(state(studio).report).toMatchObject({ name: 'b.jsonl', maxLength: 32 })
  })

  it('can be changed while a run trains, which keeps its own', async () => {
    const studio = await readyStudio()
    const run = studio.start()
    await until(() => studio.queue.active()?.status === 'training')
    studio.setup.setTrainingValue('maxLength', 16)
    await until(() => state(studio).report?.maxLength === 16)
    expect((await studio.queue.done(run ?? ''))?.summary?.config.training.maxLength).toBe(512)
  })
})

describe('a reading whose model is gone before it begins', () => {
  it('ends, and the page does not wait for it', async () => {
    const studio = await readyStudio(memoryKeeping(), slowReader(20).change)
    const ends = [0.2, 0.3].map((holdOut) => studio.data.setOptions({ holdOut }))
    studio.model.lost(asWritten('The device is gone.'))
    expect((await Promise.all(ends)).every((end) => !end.ok)).toBe(true)
    expect(studio.data.store.getState().loading).toBe(false)
  })
})

describe('a reading that fails', () => {
  it('keeps the loaded data, and is shown beside them', async () => {
    const studio = await readyStudio()
    const before = studio.data.store.getState()
    const end = await studio.openData(named('empty.jsonl', ''))
    expect(end).toEqual({ ok: false, reason: saying('empty.jsonl: expected at least one row') })
    const after = studio.data.store.getState()
    expect(after).toMatchObject({ file: before.file, report: before.report, options: before.options, preview: before.preview })
    expect(after.failed).toMatchObject({ file: { path: 'empty.jsonl' }, reason: saying('empty.jsonl') })
    await until(() => missingOf(studio) === undefined)
    expect((await studio.queue.done(studio.start() ?? ''))?.status).toBe('finished')
    // Another reading of the data that are there leaves the sentence about the other file where it is.
    await studio.data.setOptions({ holdOut: 0.2 })
    expect(studio.data.store.getState().failed?.file.path).toBe('empty.jsonl')
  })

  it('is shown if nothing was loaded before', async () => {
    const studio = await readyStudio()
    studio.data.clear()
    await studio.openModel([{ path: 'other/model.safetensors', file: new File(['{}'], 'model.safetensors') }])
    await studio.openData(named('empty.jsonl', ''))
    expect(studio.data.store.getState()).toMatchObject({ file: { path: 'empty.jsonl' }, report: undefined })
    expect(missingOf(studio)).toBe('dataError')
  })

  it('with other options keeps the former ones', async () => {
    const engine = createFakeEngine({ beatMs: 0 })
    const studio = await readyStudio(memoryKeeping(), {
      ...engine,
      loadData: async (file, evalFile, options, ...more) =>
        options.format === 'messages'
          ? { ok: false, error: { kind: 'FormatError', phrase: asWritten('rows.jsonl: expected turns.') } }
          : engine.loadData(file, evalFile, options, ...more),
    })
    await studio.data.setOptions({ trainOn: 'everything' })
    await studio.data.setOptions({ format: 'messages' })
    expect(studio.data.store.getState()).toMatchObject({ options: { format: 'auto', trainOn: 'everything' }, report: { rows: 40 } })
    expect(studio.data.store.getState().failed?.reason).toEqual(saying('expected turns'))
    await studio.data.setOptions({ format: 'text' })
    expect(studio.data.store.getState().failed).toBeUndefined()
    await until(() => missingOf(studio) === undefined)
  })

  it('keeps the consent to bad lines for the data that stay', async () => {
    const studio = await readyStudio()
    await studio.openData(dataFile(`${rows}\nnot json`))
    studio.data.acceptProblems(studio.data.store.getState().report!)
    await studio.openData(named('empty.jsonl', ''))
    await until(() => missingOf(studio) === undefined)
    expect(studio.data.store.getState().report?.problemCount).toBe(1)
  })
})

describe('columns that are not understood', () => {
  const frage = Array.from({ length: 10 }, (_, i) => JSON.stringify({ frage: `Was ist ${i} mal zwei?`, antwort: `Es ist ${2 * i}.` })).join(
    '\n',
  )

  it('are shown with a guess, and replace the loaded data once chosen by hand', async () => {
    const studio = await readyStudio()
    await studio.openData(named('frage.jsonl', frage))
    const { failed, report } = studio.data.store.getState()
    expect(report?.name).toBe('rows.jsonl')
    expect(failed?.unmapped).toMatchObject({ columns: ['frage', 'antwort'], roles: { prompt: 'frage', completion: 'antwort' } })
    expect(await studio.data.readWith(failed!, failed!.unmapped!.roles)).toEqual({ ok: true })
    expect(studio.data.store.getState()).toMatchObject({
      failed: undefined,
      report: { name: 'frage.jsonl', rows: 10 },
      options: { columns: { prompt: 'frage', completion: 'antwort' } },
    })
    // The next file is looked at afresh.
    await studio.openData(named('b.jsonl'))
    expect(studio.data.store.getState().options.columns).toBeUndefined()
  })

  it('are not the reason if a file has no rows, or if its columns were understood', async () => {
    const studio = await readyStudio()
    await studio.openData(named('notes.jsonl', 'not json'))
    expect(studio.data.store.getState().failed).toMatchObject({ unmapped: undefined })
    const loadData: EngineApi['loadData'] = async (file, evalFile, options, ...more) =>
      options.trainOn === 'everything'
        ? { ok: false, error: { kind: 'FormatError', phrase: asWritten('rows.jsonl: expected room for completions.') } }
        : fake.loadData(file, evalFile, options, ...more)
    const full = await readyStudio(memoryKeeping(), { ...fake, loadData })
    await full.data.setOptions({ trainOn: 'everything' })
    expect(full.data.store.getState().failed).toMatchObject({ reason: saying('room'), unmapped: undefined })
  })
})
