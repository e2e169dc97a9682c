// What two engines over the same files keep of one run, as tabs that take it over from each other do.
import { expect, it } from 'vitest'
import { tiles } from '../gpu/profile'
import type { Snapshot } from '../storage/snapshot'
import { memoryFolder } from '../testing/memory-folder'
import type { SnapshotAbout } from '../train/snapshot-about'
import { KeptRuns } from './kept-runs'

const about = (step: number): SnapshotAbout => ({
  version: 1,
  origin: {
    method: 'lora',
    settings: {},
    training: {},
    model: { name: 'tiny', base: 'native', fingerprint: 'a' },
    data: { name: 'rows', rows: 1, fingerprint: 'b' },
    asking: null,
  },
  kernels: {
    adapter: 'none',
    shaders: 'c',
    profile: {
      software: true,
      lanes: 1,
      matmul: 'tiled',
      unpackRows: 1,
      largeTile: tiles[0],
      largeTiles: 1,
      busyGroups: 1,
      attention: 'plain',
      attentionRows: 1,
      logitBytes: 1,
      maxBindingBytes: 1,
      maxBufferBytes: 1,
    },
  },
  state: { step, totalTokens: 0, elapsedMs: 0, figures: {} },
  peakGpuBytes: 0,
  layout: '',
  tensors: [],
  columns: {},
})
const snapshotAt = (step: number): Snapshot => ({
  about: about(step),
  parts: [{ name: 'values', sizeBytes: 4 }],
  read: async (_name, at, sizeBytes) => new Uint8Array(4).fill(step).slice(at, at + sizeBytes),
})
const nothing = (): void => undefined
const events = { onProgress: nothing, onStep: nothing, onEval: nothing, onPaused: nothing, onRecovering: nothing }

it('a run that goes from one engine to another and back continues from its newest snapshot', async () => {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const engine = () => new KeptRuns(async () => memoryFolder(files))
  /** Trains to each of `steps`, and says from where it began. */
  async function train(kept: KeptRuns, steps: readonly number[], resume = true): Promise<number | undefined> {
    const keeper = await kept.keep('run-1', { everyMs: 1, resume }, events, nothing)
    for (const step of steps) {
      await keeper.save?.take?.(snapshotAt(step), false)
      await keeper.save?.best?.(snapshotAt(step))
    }
    await keeper.end()
    return keeper.snapshot && (keeper.snapshot.about as SnapshotAbout).state.step
  }
  const newest = async (kind: 'last' | 'best') =>
    ((await (await engine().of('run-1')).newest(kind)).snapshot.about as SnapshotAbout).state.step
  const [one, other] = [engine(), engine()]
  expect(await train(one, [1, 2], false)).toBeUndefined()
  expect(await train(other, [3, 4, 5])).toBe(2)
  expect(await train(one, [6])).toBe(5)
  expect([await newest('last'), await newest('best')]).toEqual([6, 6])
  expect(await train(other, [7])).toBe(6)
  expect([await newest('last'), await newest('best')]).toEqual([7, 7])
})

it('files that belong to no run are left alone', async () => {
  const files = new Map(['stray', '.hidden', 'a_b.json'].map((name) => [name, new Uint8Array(1)]))
  const kept = new KeptRuns(async () => memoryFolder(files))
  const keeper = await kept.keep('run-1', { everyMs: 60_000 }, events, nothing)
  expect(keeper.save).toBeDefined()
  await keeper.save?.take?.(snapshotAt(1), false)
  expect(await kept.reports(['run-1'])).toMatchObject([{ step: 1 }])
  expect(await kept.beside([])).toEqual([])
  expect([...files.keys()]).toEqual(expect.arrayContaining(['stray', '.hidden', 'a_b.json']))
})

it('the first snapshot of a run comes early, and those after it at the time that the person chose', async () => {
  const folder = memoryFolder()
  const kept = new KeptRuns(async () => folder)
  const keeper = await kept.keep('run-1', { everyMs: 120_000 }, events, nothing)
  expect(keeper.save?.everyMs).toBe(10_000)
  await keeper.save?.take?.(snapshotAt(1), true)
  expect(keeper.save?.everyMs).toBe(120_000)
  const again = await kept.keep('run-1', { everyMs: 120_000, resume: true }, events, nothing)
  expect(again.save?.everyMs).toBe(120_000)
  const often = await kept.keep('run-2', { everyMs: 6000 }, events, nothing)
  expect(often.save?.everyMs).toBe(6000)
})
