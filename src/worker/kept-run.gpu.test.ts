// The engine keeps a run in its files, and another engine over a copy of them continues it with the same bits.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parseSettings } from '../config/field'
import { sentence } from '../config/phrase'
import { defaultTraining } from '../config/run-config'
import type { AdapterFiles } from '../config/run-reports'
import { methodNamed } from '../peft/registry'
import { memoryFolder, memoryFolders } from '../testing/memory-folder'
import { noTunings } from '../testing/no-tunings'
import { oneDeviceGpu } from '../testing/one-device'
import { directRenderer } from '../tokenizer/template-renderer'
import type { Result, TrainEvent } from './api'
import { Engine } from './engine'
import { type ReadFiles, readHere } from './reading'

type Files = Map<string, Uint8Array<ArrayBuffer>>

const demo = resolve(import.meta.dirname, '../../public/demo')
const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
const fileOf = (name: string) => ({ path: `demo/${name}`, file: new File([new Uint8Array(readFileSync(join(demo, name)))], name) })
const nothing = () => undefined
const methodSettings = parseSettings('lora', methodNamed('lora').fields, { dropout: 0.1 })
const training = defaultTraining({ steps: 6, evalEvery: 2, batchSize: 1, maxLength: 64, learningRate: 0.01, warmup: 0 })
const config = { method: 'lora', methodSettings, training }

async function unwrapped<T>(result: Promise<Result<T>>): Promise<T> {
  const got = await result
  if (!got.ok) throw new Error(sentence(got.error.phrase))
  return got.value
}

async function engineOver(files: Files): Promise<Engine> {
  const folders = async (...path: readonly string[]) => (path.join() === 'runs' ? memoryFolder(files) : memoryFolder())
  const engine = new Engine({ gpu: await oneDeviceGpu(), renderer: directRenderer, tunings: noTunings, folders })
  await unwrapped(engine.loadModel(names.map(fileOf), 'native', nothing))
  const options = { format: 'auto', trainOn: 'completion', holdOut: 0.002, skipBadLines: false, seed: 0 } as const
  await unwrapped(engine.loadData(fileOf('train.jsonl'), undefined, options, 64, nothing))
  return engine
}

const stepsOf = (events: readonly TrainEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? [event.metrics] : event.type === 'resumed' ? event.steps : []))
const lossesOf = (events: readonly TrainEvent[]) => stepsOf(events).map(({ step, loss, gradNorm }) => ({ step, loss, gradNorm }))
const weightsOf = ({ files }: AdapterFiles) => files.find((f) => f.path === 'adapter_model.safetensors')!.bytes
const same = (a: AdapterFiles, b: AdapterFiles) => Buffer.compare(weightsOf(a), weightsOf(b)) === 0

test('a run continues from its files with the same bits', { timeout: 240_000 }, async () => {
  const files: Files = new Map()
  let closed: Files = new Map()
  const engine = await engineOver(files)
  const events: TrainEvent[] = []
  const take = (some: TrainEvent[]): void => {
    events.push(...some)
    if (some.some((event) => event.type === 'kept' && event.step === 4)) closed = new Map(files)
  }
  await unwrapped(engine.keepRecord('run-1', { name: 'a record' }, 7))
  const whole = await unwrapped(engine.train('run-1', config, take, { everyMs: Infinity }))
  expect(events.filter((event) => event.type === 'problem')).toEqual([])
  expect(events.flatMap((event) => (event.type === 'kept' ? [event.step] : []))).toEqual([0, 2, 4, 6])

  // The page was closed while step 5 or 6 was computed.
  const later = await engineOver(closed)
  expect(await unwrapped(later.snapshots(['run-1', 'other']))).toMatchObject([{ runId: 'run-1', step: 4 }])
  const [beside] = await unwrapped(later.besideRuns([{ runId: 'other' }]))
  expect(beside).toMatchObject({ runId: 'run-1', record: { name: 'a record' }, problems: [] })
  expect(beside.metrics.filter((row) => 'loss' in (row as object)).length).toBeGreaterThanOrEqual(4)
  expect(await unwrapped(later.besideRuns([{ runId: 'run-1', changedAt: 6 }]))).toEqual([beside])
  for (const changedAt of [7, undefined]) expect(await unwrapped(later.besideRuns([{ runId: 'run-1', changedAt }]))).toEqual([])
  const there = await unwrapped(later.adapterOfSnapshot('run-1'))
  expect(there.step).toBe(4)
  expect(there.files.map((f) => f.path)).toEqual(
    expect.arrayContaining(['adapter_config.json', 'adapter_model.safetensors', 'tabtune.json']),
  )

  const resumed: TrainEvent[] = []
  const summary = await unwrapped(later.train('run-1', config, (some) => resumed.push(...some), { everyMs: Infinity, resume: true }))
  expect(lossesOf(resumed)).toEqual(lossesOf(events))
  expect(summary).toMatchObject({ status: 'finished', finalLoss: whole.finalLoss, finalEval: whole.finalEval, bestEval: whole.bestEval })
  const [last, again] = [await unwrapped(engine.adapterFiles('run-1')), await unwrapped(later.adapterFiles('run-1'))]
  expect(same(last, again)).toBe(true)
  expect(same(last, there)).toBe(false)
  // The log has each step once, also those that were computed twice.
  const [log] = await unwrapped(later.besideRuns([]))
  expect(log.metrics.flatMap((row) => ('loss' in (row as object) ? [(row as { step: number }).step] : []))).toEqual([1, 2, 3, 4, 5, 6])

  // The adapter of the best evaluation before the last step.
  const best = await unwrapped(later.adapterFiles('run-1', 'best'))
  expect(weightsOf(best).length).toBe(weightsOf(last).length)
  expect(same(best, await unwrapped(engine.adapterFiles('run-1', 'best')))).toBe(true)

  // Another model in between does not take the result away. After the page has kept it, nothing is left.
  await unwrapped(later.loadModel(names.map(fileOf), 'f16', nothing))
  expect(same(last, await unwrapped(later.adapterFiles('run-1')))).toBe(true)
  await unwrapped(later.forgetKept('run-1', 'snapshots'))
  expect(await later.adapterOfSnapshot('run-1')).toMatchObject({ ok: false, error: { kind: 'FormatError' } })
  expect((await later.adapterFiles('run-1')).ok).toBe(false)
  await unwrapped(later.forgetKept('run-1', 'everything'))
  expect([...closed.keys()]).toEqual([])
})

test('a run that began from an adapter continues after that adapter was deleted', { timeout: 240_000 }, async () => {
  const files: Files = new Map()
  const engine = await engineOver(files)
  const short = { ...config, training: { ...training, steps: 2 } }
  await unwrapped(engine.train('run-1', short, nothing, { everyMs: Infinity }))
  const further = { ...short, from: 'run-1' }
  let closed: Files = new Map()
  const take = (some: TrainEvent[]): void => {
    if (some.some((event) => event.type === 'kept' && event.step === 0)) closed = new Map(files)
  }
  await unwrapped(engine.train('run-2', further, take, { everyMs: Infinity }))
  const later = await engineOver(closed)
  await unwrapped(later.train('run-2', further, nothing, { everyMs: Infinity, resume: true }))
  expect(same(await unwrapped(engine.adapterFiles('run-2')), await unwrapped(later.adapterFiles('run-2')))).toBe(true)
  expect(same(await unwrapped(engine.adapterFiles('run-1')), await unwrapped(later.adapterFiles('run-2')))).toBe(false)
})

test('data that were read for a model that was replaced meanwhile are refused', { timeout: 240_000 }, async () => {
  let replace: () => Promise<unknown> = async () => undefined
  const read: ReadFiles = async (...given) => {
    await replace()
    return readHere(...given)
  }
  const engine = new Engine({ gpu: await oneDeviceGpu(), renderer: directRenderer, tunings: noTunings, folders: memoryFolders(), read })
  await unwrapped(engine.loadModel(names.map(fileOf), 'native', nothing))
  replace = () => engine.loadModel(names.map(fileOf), 'f16', nothing)
  const options = { format: 'auto', trainOn: 'completion', holdOut: 0.002, skipBadLines: false, seed: 0 } as const
  const load = () => engine.loadData(fileOf('train.jsonl'), undefined, options, 64, nothing)
  expect(await load()).toMatchObject({ ok: false, error: { kind: 'FormatError' } })
  expect((await engine.cutData(64)).ok).toBe(false)
  replace = async () => undefined
  expect((await load()).ok).toBe(true)
})

test('a run whose rows are others is not resumed, and a run is not lost with its storage', { timeout: 240_000 }, async () => {
  const files: Files = new Map()
  const engine = await engineOver(files)
  await unwrapped(engine.train('run-1', { ...config, training: { ...training, steps: 2 } }, nothing, { everyMs: Infinity }))
  const options = { format: 'auto', trainOn: 'everything', holdOut: 0.002, skipBadLines: false, seed: 0 } as const
  await unwrapped(engine.loadData(fileOf('train.jsonl'), undefined, options, 64, nothing))
  await unwrapped(engine.forgetAdapter('run-1').then(() => engine.adapterOfSnapshot('run-1')))
  const other = await engine.train('run-1', { ...config, training: { ...training, steps: 2 } }, nothing, {
    everyMs: Infinity,
    resume: true,
  })
  expect(!other.ok && sentence(other.error.phrase)).toMatch(/resume: expected the run that the snapshot belongs to/)
  // The adapter of the snapshot is not taken for one that this training ended with: the page would keep it, and drop the snapshots.
  expect((await engine.adapterFiles('run-1')).ok).toBe(false)

  const refused = new Engine({
    gpu: await oneDeviceGpu(),
    renderer: directRenderer,
    tunings: noTunings,
    folders: () => Promise.reject(new DOMException('private', 'SecurityError')),
  })
  await unwrapped(refused.loadModel(names.map(fileOf), 'native', nothing))
  await unwrapped(refused.loadData(fileOf('train.jsonl'), undefined, options, 64, nothing))
  const events: TrainEvent[] = []
  await unwrapped(
    refused.train('run-1', { ...config, training: { ...training, steps: 2 } }, (some) => events.push(...some), { everyMs: 1 }),
  )
  expect(events.some((event) => event.type === 'problem')).toBe(true)
  expect(weightsOf(await unwrapped(refused.adapterFiles('run-1'))).length).toBeGreaterThan(0)
})
