// A run that another tab wants: it ends once its snapshot is stored, and stays where it is otherwise.
import { expect, it } from 'vitest'
import { FormatError } from '../config/errors'
import { type Phrase, say, sentence } from '../config/phrase'
import { defaultTraining } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import type { Snapshot } from '../storage/snapshot'
import { Control } from './control'
import { memorySnapshots } from './memory-snapshots'
import type { TrainerState } from './snapshot-about'
import { train } from './trainer'

const batch = {
  ids: new Uint32Array(0),
  targets: new Int32Array(0),
  positions: new Uint32Array(0),
  first: new Uint32Array(0),
  rows: 1,
  length: 8,
  supervised: 2,
  tokens: 4,
}

/** 8 steps, with evaluations of 3 batches every 4 steps. Snapshots by time are held in memory only. */
function run(at: (control: Control, step: number, evalBatch?: number) => void, storage: { full: boolean }) {
  const control = new Control()
  const [stored, stays, evaluated, paused]: [number[], Phrase[], number[], boolean[]] = [[], [], [], []]
  const memory = memorySnapshots()
  const saver = memory.saver({
    everyMs: 60_000,
    async take({ about }) {
      if (storage.full) throw new FormatError(say`snapshot: expected room, got none.`)
      stored.push((about as TrainerState).step)
    },
    onProblem: () => undefined,
  })
  let step = 0
  const outcome = train({
    gpu: {} as Gpu,
    session: {
      kind: 'text',
      async step(_gpu, _batches, _rate, number) {
        at(control, (step = number))
        return { loss: 1, gradNorm: 1, clipFactor: 1, halted: 0, finite: true }
      },
      async evaluate(_gpu, { count }, onBatch) {
        for (let i = 0; i <= count; i++) {
          at(control, step, i)
          await onBatch?.(i)
        }
        return { loss: 2, supervised: 1 }
      },
    },
    training: defaultTraining({ evalEvery: 4 }),
    steps: 8,
    train: { count: 8, rows: 8, padded: () => 1, epochs: () => 0, get: () => [batch] },
    evaluation: { count: 3, rows: 3, padded: () => 1, epochs: () => 0, get: () => [batch] },
    control,
    keep: {
      everyMs: 0,
      get stored() {
        return saver.stored === true
      },
      async snapshot(state, byTime) {
        const snapshot: Snapshot = { about: state, parts: [], read: async () => new Uint8Array(0) }
        try {
          await saver.take?.(snapshot, byTime)
          return undefined
        } catch (error) {
          return (error as FormatError).phrase
        }
      },
    },
    events: {
      onStep: () => undefined,
      onEval: (metrics) => evaluated.push(metrics.step),
      onPaused: (is) => paused.push(is),
      onStays: (reason) => stays.push(reason),
    },
  })
  return { outcome, control, stored, stays, evaluated, paused }
}

it.each([1, 2, 3, 5, 7])('stores its snapshot of step %i, though memory has one of that step already', async (leftAt) => {
  const { outcome, stored } = run((control, step, evalBatch) => step === leftAt && evalBatch === undefined && control.leave(), {
    full: false,
  })
  await expect(outcome).rejects.toMatchObject({ kind: 'Cancelled' })
  expect(stored.at(-1)).toBe(leftAt)
})

it.each([undefined, 0, 2])('says why it stays where storage is full, and comes to its end (evaluation: %s)', async (at) => {
  const { outcome, stays, evaluated } = run((control, step, evalBatch) => step === 4 && evalBatch === at && control.leave(), { full: true })
  expect(await outcome).toMatchObject({ status: 'finished', steps: 8 })
  expect(stays.map((phrase) => sentence(phrase))).toEqual(['snapshot: expected room, got none.'])
  expect(evaluated).toEqual([0, 4, 8])
})

it('stays paused, and leaves once there is room', async () => {
  const storage = { full: true }
  const { outcome, control, stays, paused, stored } = run((c, step) => step === 5 && c.pause(), storage)
  await expect.poll(() => paused).toEqual([true])
  control.leave()
  await expect.poll(() => stays.length).toBe(1)
  await expect.poll(() => paused).toEqual([true, false, true])
  storage.full = false
  control.leave()
  await expect(outcome).rejects.toMatchObject({ kind: 'Cancelled' })
  expect(stored.at(-1)).toBe(5)
})
