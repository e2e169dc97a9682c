// A run that is resumed from a snapshot: the same bits as one that was not interrupted, and what is refused or said otherwise. The cases of
// `npm run endure -- --only resume` have every method.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Phrase, sentence } from '../config/phrase'
import { defaults } from '../config/field'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import type { LoadedModel } from '../peft/loaded-model'
import { methodNamed } from '../peft/registry'
import type { Snapshot } from '../storage/snapshot'
import { Parameters } from '../tensor/parameters'
import { assertSameBits } from '../testing/closeness'
import { openTestGpu } from '../testing/device'
import { randomBase, resumeDifferences, rowsFor, stored } from '../testing/resumed-run'
import { type Conducted, conduct } from './conduct'
import { Control } from './control'
import { keptAdapter } from './kept-adapter'
import type { RunRequest } from './run-request'
import type { SnapshotAbout } from './snapshot-about'

let gpu: Gpu
let model: LoadedModel
beforeAll(async () => {
  gpu = await openTestGpu()
  model = await randomBase(gpu)
})
afterAll(() => gpu.destroy())

test.each([
  ['lora', { dropout: 0.1 }, {}],
  ['lora', { r: 64 }, { optimizer: 'adamw-8bit' }],
  // So little memory that states are paged, and that one row is on the GPU at once.
  ['full', {}, { memoryBudget: 0.7 }],
] as const)('%s %j %j', async (name, settings, training) => {
  expect(await resumeDifferences(gpu, model, { method: methodNamed(name), settings, training })).toEqual([])
})

async function requestOf(name: string, settings: object, more: Partial<TrainingSettings> = {}): Promise<RunRequest> {
  const method = methodNamed(name)
  const training = defaultTraining({ steps: 6, batchSize: 2, maxLength: 32, evalEvery: 2, warmup: 0, learningRate: 1e-3, ...more })
  return { model, method, settings: { ...defaults(method.fields), ...settings }, training, rows: await rowsFor(model, training) }
}

interface Ran extends Conducted {
  taken: Snapshot[]
  best: Snapshot[]
  problems: string[]
  /** What the plan says to the person. */
  notice?: string
}

async function run(on: Gpu, request: RunRequest, resume?: Snapshot, fails = false): Promise<Ran> {
  const [taken, best, problems]: [Snapshot[], Snapshot[], string[]] = [[], [], []]
  const ignore = () => undefined
  const events = { onProgress: ignore, onStep: ignore, onEval: ignore, onPaused: ignore }
  const done = await conduct(on, request, new Control(), events, {
    resume,
    save: {
      everySteps: 3,
      async take(snapshot) {
        if (fails) throw new Error('the disk is full')
        taken.push(await stored(snapshot))
      },
      best: async (snapshot) => void best.push(await stored(snapshot)),
      onProblem: (problem: Phrase) => problems.push(sentence(problem)),
    },
  })
  return { ...done, taken, best, problems, notice: done.memory.notice && sentence(done.memory.notice) }
}

const stepOf = ({ about }: Snapshot) => (about as { state: { step: number } }).state.step

test('snapshots are taken after steps, after evaluations and before the closing one; a failing storage does not end the run', async () => {
  const request = await requestOf('lora', {})
  expect((await run(gpu, request)).taken.map(stepOf)).toEqual([0, 2, 3, 4, 6])
  const failing = await run(gpu, request, undefined, true)
  expect(failing.problems).toEqual(new Array(5).fill('the disk is full'))
  expect(failing.outcome).toMatchObject({ status: 'finished', steps: 6 })
})

test('starting values are not computed again', async () => {
  const request = await requestOf('lora', { start: 'pissa', r: 4 })
  const whole = await run(gpu, request)
  const start = vi.spyOn(Parameters.prototype, 'start')
  const again = await run(gpu, request, whole.taken[2])
  expect(start).not.toHaveBeenCalled()
  start.mockRestore()
  expect(again.steps.map((m) => m.loss)).toEqual(whole.steps.map((m) => m.loss))
  expect(again.notice).toBe(whole.notice)
  expect(again.adapter.settings).toMatchObject({ start: 'default', r: 8 })
})

test('a run that starts from an adapter is resumed without the adapter', async () => {
  for (const [name, settings] of [
    ['lora', {}],
    ['p-tuning', { virtualTokens: 4, encoderHidden: 32 }],
  ] as const) {
    const request = await requestOf(name, settings)
    const first = await run(gpu, request)
    const further = { ...request, settings: first.adapter.settings, initial: first.adapter.tensors }
    const whole = await run(gpu, further)
    const again = await run(gpu, { ...further, initial: undefined }, whole.taken[2])
    expect(again.steps.map((m) => m.loss)).toEqual(whole.steps.map((m) => m.loss))
  }
})

test('the best adapter is the one of the lowest evaluation', async () => {
  // So high a rate that the loss rises after the first steps.
  for (const [name, settings] of [
    ['lora', { start: 'pissa', r: 4 }],
    ['p-tuning', { virtualTokens: 4, encoderHidden: 32 }],
    ['full', {}],
  ] as const) {
    const request = await requestOf(name, settings, { learningRate: 0.05, steps: 8 })
    const { best, evals } = await run(gpu, request)
    const measured = evals.filter(({ step }) => step > 0 && step < 8)
    const lowest = measured.reduce((a, b) => (a.evalLoss <= b.evalLoss ? a : b))
    const { adapter, step } = await keptAdapter(gpu.profile, model, best.at(-1)!)
    expect(step).toBe(lowest.step)
    // A run of so many steps with the same schedule would end with another rate, so the run is stopped.
    const control = new Control()
    const ignore = () => undefined
    const stop = ({ step: at }: { step: number }) => at === step - 1 && control.stop()
    const until = await conduct(gpu, request, control, { onProgress: ignore, onStep: stop, onEval: ignore, onPaused: ignore })
    expect(until.outcome.steps).toBe(step)
    expect(adapter.settings).toEqual(until.adapter.settings)
    expect([...adapter.tensors.keys()]).toEqual([...until.adapter.tensors.keys()])
    for (const [key, { values }] of until.adapter.tensors) assertSameBits(key, adapter.tensors.get(key)!.values, values)
  }
})

test('another model, other rows, another method or other settings are refused with the reason', async () => {
  const request = await requestOf('lora', {})
  const [snapshot] = (await run(gpu, request)).taken
  const refused = (other: Partial<RunRequest>, words: string) => expect(run(gpu, { ...request, ...other }, snapshot)).rejects.toThrow(words)
  const { training, settings, rows } = request
  await refused({ training: { ...training, learningRate: 2e-3 } }, 'the snapshot has learningRate 0.001 instead of 0.002')
  await refused({ settings: { ...settings, r: 4 } }, 'the snapshot has r 8 instead of 4')
  await refused({ method: methodNamed('ia3'), settings: defaults(methodNamed('ia3').fields) }, 'method lora instead of ia3')
  await refused(
    { rows: { ...rows, train: rows.train.toReversed() } },
    'the snapshot has other rows (36 of rows.jsonl) than this run (36 of rows.jsonl)',
  )
  const identity = { fingerprint: '0'.repeat(64), lineage: '0'.repeat(64) }
  await refused({ model: { ...model, identity } }, 'other weights (of resumed) than the loaded model resumed')
  await refused({ training: { ...training, seed: 4, clip: 0 } }, 'the snapshot has clip 1 instead of 0; seed 0 instead of 4')
  // They change what a run needs or shows, but not its numbers.
  const free = { ...request, training: { ...training, checkpointing: true, samplePrompts: 0 } }
  expect((await run(gpu, free, snapshot)).outcome.steps).toBe(6)
})

test('a damaged description is refused', async () => {
  const request = await requestOf('lora', {})
  const [snapshot] = (await run(gpu, request)).taken
  for (const about of [undefined, null, 3, {}, { ...(snapshot.about as object), version: 2 }, { ...(snapshot.about as object), state: {} }])
    await expect(run(gpu, request, { ...snapshot, about })).rejects.toMatchObject({
      kind: 'FormatError',
      message: expect.stringMatching(/^snapshot: expected one of this version of TabTune, got another \(.+\)\. Resume with/),
    })
})

test('the kernels of the snapshot are used where the device has them; otherwise the run says that its digits may differ', async () => {
  const request = await requestOf('lora', {})
  const plain = gpu.under({ lanes: 1, unpackRows: Infinity })
  const whole = await run(plain, request)
  const tuned = gpu.under({ lanes: 64 })
  const snapshot = whole.taken[2]
  const again = await run(tuned, request, snapshot)
  expect(again.notice).toBeUndefined()
  expect(again.steps.map((m) => m.loss)).toEqual(whole.steps.map((m) => m.loss))

  const about = snapshot.about as { kernels: object }
  const taken = (kernels: object) => ({ ...snapshot, about: { ...about, kernels: { ...about.kernels, ...kernels } } })
  const elsewhere = await run(tuned, request, taken({ adapter: 'another card' }))
  expect(elsewhere.notice).toMatch(/may differ in their last digits .+: it was taken on another device, /)
  expect(elsewhere.outcome.steps).toBe(6)
  expect(elsewhere.steps.slice(0, 3)).toEqual(whole.steps.slice(0, 3))
  // As long as the kernels differ, so do some bits; otherwise this test shows nothing.
  expect(elsewhere.steps.map((m) => m.loss)).not.toEqual(whole.steps.map((m) => m.loss))
  expect((await run(plain, request, taken({ shaders: 'other' }))).notice).toMatch(/another version of TabTune took it/)

  // Subgroup matrices that no device lists, in the snapshot and on the device.
  const matrices = { exact: { factors: 'f32', m: 8, n: 8, k: 8, rows: 8, lanes: 7, pinned: false } } as const
  const { profile } = (snapshot.about as SnapshotAbout).kernels
  expect((await run(plain, request, taken({ profile: { ...profile, matrices } }))).notice).toMatch(/kernels that this one does not have/)
  // Products by more lanes than the device has.
  if (plain.subgroup < 8)
    expect((await run(plain, request, taken({ profile: { ...profile, matmul: 'octet' } }))).notice).toMatch(
      /kernels that this one does not have/,
    )
  const without = await run(plain.under({ matrices }), request, snapshot)
  expect(without.notice).toBeUndefined()
  expect(without.steps.map((m) => m.loss)).toEqual(whole.steps.map((m) => m.loss))
})
