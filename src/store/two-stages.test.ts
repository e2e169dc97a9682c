// A run in two stages, on the fake engine: in order, each on its own data, and found again after a reload.
import { describe, expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { keptFiles } from '../storage/kept-files'
import { createFakeEngine } from '../testing/fake-engine'
import { FakeKept } from '../testing/fake-kept'
import { makeStudio, readyStudio, until } from '../testing/fake-studio'
import { type SpaceFolders, memorySpace } from '../testing/memory-space'
import { memoryStore } from '../testing/memory-store'
import type { EngineApi, PickedFile } from '../worker/api'
import { memoryKeeping } from './keeping'
import { memoryLiving } from './living'
import { canResume } from './run'
import type { Studio } from './studio'

const text = (): PickedFile => ({ path: 'corpus.txt', file: new File(['{"text":"one"}\n{"text":"two"}\n{"text":"three"}'], 'corpus.txt') })
const statusOf = (studio: Studio, id: string) => studio.runs.find(id)?.status

/** An engine that says which data each run trained on, and from which adapter. With `dieAt`, the page is closed after that step of the first run. */
function listening(kept = new FakeKept(), dieAt = Infinity) {
  const fake = createFakeEngine({ beatMs: 0, kept })
  const trained: unknown[] = []
  let [loaded, dead] = ['', false]
  const engine: EngineApi = {
    ...fake,
    loadData: (file, ...rest) => {
      loaded = file.file.name
      return fake.loadData(file, ...rest)
    },
    train: (runId, config, onEvent, keeping) => {
      trained.push([loaded, config.training.steps, config.from !== undefined])
      return new Promise((resolve) => {
        const take: typeof onEvent = (events) => {
          if (dead) return
          onEvent(events)
          dead = events.some((event) => event.type === 'step' && event.metrics.step === dieAt)
        }
        void fake.train(runId, config, take, keeping).then((result) => !dead && resolve(result))
      })
    },
  }
  return { engine, trained, isDead: () => dead }
}

/** Starts both stages. The names of their runs, the first one first. */
function startBoth(studio: Studio): [string, string] {
  studio.stages.choose({ file: text(), steps: 8 })
  const second = studio.start()!
  return [studio.runs.find(second)!.after!.runId, second]
}

describe('a run in two stages', () => {
  it('trains on the text first, and then on the rows from its adapter', async () => {
    const { engine, trained } = listening()
    const studio = await readyStudio(memoryKeeping(), engine)
    studio.stages.choose({ file: text(), steps: NaN })
    expect(studio.readiness.getState().obstacle?.missing).toBe('firstStage')
    expect(studio.start()).toBeUndefined()
    const [first, second] = startBoth(studio)
    await until(() => statusOf(studio, second) === 'finished')
    expect(trained).toEqual([
      ['corpus.txt', 8, false],
      ['rows.jsonl', 12, true],
    ])
    expect(studio.runs.find(first)).toMatchObject({ status: 'finished', data: { name: 'corpus.txt', rows: 3 } })
    expect(studio.runs.find(second)).toMatchObject({ after: undefined, config: { from: first, method: 'lora' } })
    // The next run has one stage, on the data that were open.
    expect(studio.data.store.getState()).toMatchObject({ report: { name: 'rows.jsonl' }, acceptedProblems: 0 })
    await until(() => studio.stages.store.getState().file === undefined && studio.readiness.getState().obstacle === undefined)
    await studio.queue.done(studio.start()!)
    expect(trained.slice(2)).toEqual([['rows.jsonl', 12, false]])
  })

  it('the second run says why it did not start, and starts from what was kept if the person wants it', async () => {
    const { engine, trained } = listening()
    const studio = await readyStudio(memoryKeeping(), engine)
    const [first, second] = startBoth(studio)
    await until(() => studio.runs.find(first)?.last !== undefined)
    await studio.queue.stop()
    await until(() => statusOf(studio, second) === 'failed')
    expect(statusOf(studio, first)).toBe('stopped')
    expect(sentence(studio.runs.find(second)!.error!)).toBe(
      'LoRA 1, the run before this one, ended early, so this one did not start. Start it to continue from what was kept of LoRA 1.',
    )
    expect(trained).toHaveLength(1)
    expect(canResume(studio.runs.find(second)!)).toBe(true)
    await studio.resuming.resume(second)
    await until(() => statusOf(studio, second) === 'finished')
    expect(trained[1]).toEqual(['rows.jsonl', 12, true])
  })

  it('a first stage without an adapter leaves nothing to start from', async () => {
    const { engine, trained } = listening()
    const studio = await readyStudio(memoryKeeping(), engine)
    const bad = new File(['{"text":"one"}\nno row\n'], 'bad.jsonl')
    studio.stages.choose({ file: { path: 'bad.jsonl', file: bad } })
    const second = studio.start()!
    const first = studio.runs.find(second)!.after!.runId
    await until(() => statusOf(studio, second) === 'failed')
    expect(sentence(studio.runs.find(first)!.error!)).toMatch(/^bad\.jsonl: expected rows that can all be used, got 1 lines that cannot\./)
    expect(sentence(studio.runs.find(second)!.error!)).toMatch(/ended without an adapter, so this one did not start\. Start a new run\.$/)
    expect(trained).toEqual([])
    expect(studio.data.store.getState().report?.name).toBe('rows.jsonl')
  })

  it('both are found after a reload, and resuming one of them opens the data of each', async () => {
    const [folders, records]: [SpaceFolders, Map<string, unknown>] = [new Map(), new Map()]
    const beside = () => ({ keptFiles: keptFiles({ space: memorySpace(folders), records: memoryStore(records), writing: memoryLiving() }) })
    const [keeping, kept] = [memoryKeeping(), new FakeKept()]
    const { engine, isDead } = listening(kept, 6)
    const studio = await readyStudio(keeping, engine, undefined, beside())
    await until(() => studio.copies.data.store.getState().status === 'kept' && studio.copies.model.store.getState().status === 'kept')
    const [first, second] = startBoth(studio)
    await until(() => isDead())
    for (const id of [first, second]) await studio.runs.save(id)
    for (const wanted of [first, second]) {
      const there = listening(kept.copy())
      const copy = memoryKeeping()
      for (const each of (await keeping.runs()).runs) await copy.saveRun(each)
      const again = makeStudio(there.engine, copy, undefined, beside())
      await again.device.check({ secure: true, hasWebGpu: true })
      await again.runs.load()
      await again.resuming.find()
      expect([statusOf(again, first), statusOf(again, second)]).toEqual(['interrupted', 'interrupted'])
      await again.resuming.resume(wanted)
      await until(() => statusOf(again, second) === 'finished')
      expect(statusOf(again, first)).toBe('finished')
      expect(there.trained).toEqual([
        ['corpus.txt', 8, false],
        ['rows.jsonl', 12, true],
      ])
    }
  })
})
