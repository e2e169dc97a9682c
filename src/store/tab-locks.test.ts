// Several tabs with the locks of a browser: who resumes a run, and which run is next.
import { describe, expect, it } from 'vitest'
import { asWritten, sentence } from '../config/phrase'
import { keptFiles } from '../storage/kept-files'
import { createFakeEngine } from '../testing/fake-engine'
import { FakeKept } from '../testing/fake-kept'
import { fakeLocks } from '../testing/fake-locks'
import { dataFile, makeStudio, missingOf, modelFiles, readyStudio, until } from '../testing/fake-studio'
import { Operations } from '../testing/memory-folder'
import { type SpaceFolders, memorySpace } from '../testing/memory-space'
import { memoryStore } from '../testing/memory-store'
import { memoryKeeping } from './keeping'
import { lockedLiving } from './living'
import { emptySeries } from './series'
import type { Studio } from './studio'
import { memoryTabs } from './tab-channel'
import { lockedTurns } from './turns'

const statusOf = (studio: Studio, id: string) => studio.runs.find(id)?.status
const stepOf = (studio: Studio, id: string): number => studio.runs.find(id)?.last?.step ?? 0

/** One browser: its storage, its locks, and what its tabs hear of each other. `training`: how many tabs train now, and the most so far. */
function browser() {
  const [locks, keeping, kept, tab] = [fakeLocks(), memoryKeeping(), new FakeKept(), memoryTabs()]
  const training = { now: 0, most: 0 }
  const [folders, records]: [SpaceFolders, Map<string, unknown>] = [new Map(), new Map()]
  function parts() {
    const engine = createFakeEngine({ beatMs: 5, kept })
    const train: typeof engine.train = async (...args) => {
      training.most = Math.max(training.most, ++training.now)
      return engine.train(...args).finally(() => training.now--)
    }
    const saved: string[] = []
    const own: typeof keeping = {
      ...keeping,
      saveRun: (record, adapters) => {
        saved.push(record.run.id)
        return keeping.saveRun(record, adapters)
      },
    }
    const files = keptFiles({
      space: memorySpace(folders, new Operations()),
      records: memoryStore(records),
      writing: lockedLiving(locks, 'copy/'),
    })
    const beside = { turns: lockedTurns(locks), channel: tab() }
    return { engine: { ...engine, train }, own, saved, living: lockedLiving(locks), beside, files }
  }
  return {
    keeping,
    locks,
    training,
    kept,
    channel: tab,
    /** A tab with a model and data. */
    async open(steps = 100_000) {
      const { engine, own, saved, living, beside } = parts()
      const studio = await readyStudio(own, engine, living, beside)
      studio.setup.setTrainingValue('steps', steps)
      await until(() => missingOf(studio) === undefined)
      await studio.runs.load()
      return Object.assign(studio, { saved })
    },
    /** A tab without a model. With `copies`, models and data stay in the browser. */
    async bare(copies = false) {
      const { engine, own, living, beside, files } = parts()
      const studio = makeStudio(engine, own, living, { ...beside, ...(copies && { keptFiles: files }) })
      await studio.device.check({ secure: true, hasWebGpu: true })
      await studio.runs.load()
      return studio
    },
    /** Runs that had waited in the queue when their tab was closed. */
    async interrupted(count: number, steps = 12): Promise<string[]> {
      const maker = await readyStudio()
      maker.setup.setTrainingValue('steps', steps)
      await until(() => missingOf(maker) === undefined)
      const ids = Array.from({ length: count }, () => maker.start() ?? '')
      for (const id of ids) {
        const { last: _last, progress: _progress, ...run } = maker.runs.find(id)!
        await keeping.saveRun({ run: { ...run, figures: {}, status: 'interrupted' }, series: emptySeries() })
      }
      await maker.queue.stop()
      return ids
    },
    async locked(): Promise<number> {
      return (await locks.query()).held?.length ?? 0
    },
  }
}

describe('two tabs that resume the same runs', () => {
  it('share them: each run is resumed once, and both tabs see how it ends', async () => {
    const one = browser()
    const ids = await one.interrupted(2)
    const tabs = [await one.open(), await one.open()]
    for (const tab of tabs) for (const id of ids) void tab.resuming.resume(id)
    await until(() => tabs.every((tab) => ids.every((id) => statusOf(tab, id) === 'finished')))
    expect(one.training.most).toBe(1)
    await until(() => tabs.every((tab) => tab.queue.active() === undefined))
    expect(await one.locked()).toBe(0)
    // Only the tab that trains a run writes its record.
    for (const id of ids) expect(tabs.filter(({ saved }) => saved.includes(id))).toHaveLength(1)
  })

  it('do not wait for each other when each has one of the runs', async () => {
    const one = browser()
    const [x, y] = (await one.interrupted(2, 60)) as [string, string]
    const [first, second] = [await one.open(), await one.open()]
    void second.resuming.resume(y)
    void first.resuming.resume(x)
    void first.resuming.resume(y)
    await until(() => stepOf(first, y) > 3 && stepOf(second, y) > 3)
    expect([statusOf(first, y), statusOf(second, y)]).toEqual(['elsewhere', 'training'])
    await until(() => [first, second].every((tab) => [x, y].every((id) => statusOf(tab, id) === 'finished')))
    expect(one.training.most).toBe(1)
  })

  it('see a run that only waits in the queue of the other one, and do not wait for its lock', async () => {
    const one = browser()
    const [x] = (await one.interrupted(1)) as [string]
    const [first, second] = [await one.open(), await one.open()]
    const busy = first.start() ?? ''
    await until(() => stepOf(first, busy) > 1)
    void first.resuming.resume(x)
    await until(() => statusOf(second, x) === 'elsewhere')
    expect(second.tabs.store.getState().there[x]).toBe('queued')
    await first.remove(x)
    await until(() => second.runs.find(x) === undefined)
    await first.queue.stop()
    await first.queue.done(busy)
  })
})

describe('taking a run over', () => {
  /** A tab that trains one run and has another in its queue, and other tabs. */
  async function withQueue(others: number) {
    const one = browser()
    const owner = await one.open()
    const tabs = await Promise.all(Array.from({ length: others }, one.open))
    const [x, y] = [owner.start() ?? '', owner.start() ?? '']
    await until(() => stepOf(owner, x) > 2 && tabs.every((tab) => statusOf(tab, y) === 'elsewhere'))
    return { one, owner, tabs, x, y }
  }

  it('resumes it at once, and the queue of the other tab waits', async () => {
    const { one, owner, tabs, x, y } = await withQueue(1)
    const taker = tabs[0]!
    const at = stepOf(owner, x)
    await taker.tabs.takeOver(x)
    await until(() => stepOf(taker, x) > at + 2)
    expect([statusOf(owner, x), statusOf(owner, y), statusOf(taker, y)]).toEqual(['elsewhere', 'queued', 'elsewhere'])
    await taker.queue.stop()
    await until(() => stepOf(owner, y) > 1)
    expect(statusOf(owner, x)).toBe('stopped')
    await owner.queue.stop()
    await owner.queue.done(y)
    expect(one.training.most).toBe(1)
  })

  it('resumes it before the runs that wait here', async () => {
    const { owner, tabs, x, y } = await withQueue(1)
    const taker = tabs[0]!
    const own = taker.start() ?? ''
    await until(() => statusOf(owner, own) === 'elsewhere')
    await taker.tabs.takeOver(x)
    await until(() => statusOf(taker, x) === 'training')
    expect([statusOf(taker, own), statusOf(owner, y)]).toEqual(['queued', 'queued'])
    for (const id of [own, y]) await [taker, owner].find((tab) => statusOf(tab, id) === 'queued')!.remove(id)
    await taker.queue.stop()
    await taker.queue.done(x)
  })

  it('gives it to one of two tabs that ask for it, and the other one sees it there', async () => {
    const { one, owner, tabs, x, y } = await withQueue(2)
    await owner.remove(y)
    await Promise.all(tabs.map((tab) => tab.tabs.takeOver(x)))
    await until(() => tabs.some((tab) => statusOf(tab, x) === 'training'))
    expect([owner, ...tabs].map((tab) => statusOf(tab, x)).sort()).toEqual(['elsewhere', 'elsewhere', 'training'])
    for (const tab of tabs) expect(tab.tabs.store.getState().taking).toBeUndefined()
    const taker = tabs.find((tab) => tab.queue.active())!
    await taker.queue.stop()
    await until(() => [owner, ...tabs].every((tab) => statusOf(tab, x) === 'stopped'))
    expect(one.training.most).toBe(1)
    expect(await one.locked()).toBe(0)
  })

  it('without its model and data says what to open, and the other tab continues', async () => {
    const one = browser()
    const owner = await one.open()
    const id = owner.start() ?? ''
    await until(() => stepOf(owner, id) > 2)
    const other = await one.bare()
    await until(() => stepOf(other, id) > 2)
    const refusal = () => sentence(other.tabs.store.getState().refused!.reason)
    await other.tabs.takeOver(id)
    expect(refusal()).toBe('Open the model tiny to resume this run.')
    await other.openModel(modelFiles)
    await other.tabs.takeOver(id)
    expect(refusal()).toBe('Open the data rows.jsonl to resume this run.')
    const at = stepOf(owner, id)
    await until(() => stepOf(owner, id) > at + 2)
    expect(statusOf(owner, id)).toBe('training')
    await other.openData(dataFile())
    await other.tabs.takeOver(id)
    expect(other.tabs.store.getState()).toMatchObject({ refused: undefined, taking: undefined })
    await until(() => statusOf(other, id) === 'training')
    await other.queue.stop()
    await other.queue.done(id)
  })

  it('is refused with the reason while its snapshot cannot be stored, and the other tab loses no step', async () => {
    const { one, owner, tabs, x, y } = await withQueue(1)
    const taker = tabs[0]!
    one.kept.full = true
    const own = taker.start() ?? ''
    const at = stepOf(owner, x)
    await taker.tabs.takeOver(x)
    expect(taker.tabs.store.getState()).toMatchObject({ taking: undefined, refused: { runId: x, reason: asWritten('storage: full') } })
    await until(() => stepOf(owner, x) > at + 3 && stepOf(taker, x) > at + 3)
    expect([statusOf(owner, x), statusOf(owner, y), statusOf(taker, own)]).toEqual(['training', 'queued', 'queued'])
    one.kept.full = false
    await taker.tabs.takeOver(x)
    await until(() => statusOf(taker, x) === 'training' && stepOf(taker, x) > at + 5)
    const { steps } = taker.runs.seriesOf(x)
    expect([...steps.columns.step!.subarray(0, steps.length)]).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1))
    await taker.remove(own)
    await owner.remove(y)
    await taker.queue.stop()
    await taker.queue.done(x)
  })

  it('opens its model and data from their copies', async () => {
    const one = browser()
    const owner = await one.bare(true)
    await owner.openModel(modelFiles)
    await owner.openData(dataFile())
    await until(() => [owner.copies.model, owner.copies.data].every((place) => place.store.getState().status === 'kept'))
    owner.setup.setTrainingValue('steps', 100_000)
    await until(() => missingOf(owner) === undefined)
    const id = owner.start() ?? ''
    await until(() => stepOf(owner, id) > 2)
    const taker = await one.bare(true)
    await until(() => statusOf(taker, id) === 'elsewhere')
    expect(taker.model.store.getState().report).toBeUndefined()
    await taker.tabs.takeOver(id)
    expect(taker.model.store.getState().report?.name).toBe('tiny')
    await until(() => statusOf(taker, id) === 'training')
    await taker.queue.stop()
    await taker.queue.done(id)
  })

  it('tells the demo that its run continues in another tab', async () => {
    const one = browser()
    const [owner, taker] = [await one.bare(), await one.open()]
    const demo = owner.demo.start()
    await until(() => owner.demo.store.getState().stage === 'training')
    const { runId = '' } = owner.demo.store.getState()
    await until(() => statusOf(taker, runId) === 'elsewhere')
    await owner.queue.leave(runId)
    await demo
    expect(owner.demo.store.getState()).toMatchObject({ stage: 'elsewhere', error: undefined })
  })
})

describe('runs that have ended', () => {
  async function ended() {
    const one = browser()
    const [first, second] = [await one.open(12), await one.open()]
    const id = first.start() ?? ''
    await until(() => [first, second].every((tab) => statusOf(tab, id) === 'finished'))
    return { one, first, second, id }
  }
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

  it('have the same name in all tabs, and no tab writes over the name that another one gave', async () => {
    const { one, first, second, id } = await ended()
    first.runs.note(id, { name: 'a better name' })
    await until(() => second.runs.find(id)?.name === 'a better name')
    second.runs.toggle(id)
    await until(() => first.runs.find(id)?.visible === false)
    await settled()
    expect((await one.keeping.runs()).runs.map(({ run }) => [run.name, run.visible])).toEqual([['a better name', false]])
    expect(second.runs.seriesOf(id).steps.length).toBe(12)
  })

  it('keep the changes of two tabs that are made at the same moment', async () => {
    const { one, first, second, id } = await ended()
    first.runs.note(id, { name: 'a better name' })
    second.runs.toggle(id)
    await until(() => [first, second].every((tab) => tab.runs.find(id)?.name === 'a better name' && !tab.runs.find(id)?.visible))
    await settled()
    expect((await one.keeping.runs()).runs.map(({ run }) => [run.name, run.visible])).toEqual([['a better name', false]])
  })

  it('are deleted in all tabs, and do not come back', async () => {
    const { one, first, second, id } = await ended()
    second.play.show(id)
    await first.remove(id)
    await until(() => second.runs.find(id) === undefined)
    expect(second.play.store.getState().columns).not.toContain(id)
    second.runs.note(id, { name: 'from the dead' })
    await second.runs.save(id)
    await settled()
    expect((await one.keeping.runs()).runs).toEqual([])
  })
})

it('messages of another version are not believed', async () => {
  const one = browser()
  const [owner, tab] = [await one.open(), await one.open()]
  const id = owner.start() ?? ''
  await until(() => stepOf(tab, id) > 2)
  const channel = one.channel()
  const before = tab.runs.store.getState().runs.length
  const odd: unknown[] = [
    undefined,
    'take',
    { type: 'run' },
    { type: 'run', kept: { run: { id: 'odd' } } },
    { type: 'run', kept: { run: { id: 7, config: {} }, series: {} } },
    { type: 'events', runId: id, events: [{ type: 'step', metrics: { step: 'nine' } }, { type: 'news' }, null] },
    { type: 'changed', run: { id } },
    { type: 'farewell', runId: id },
  ]
  for (const message of odd) channel.send(message as Parameters<typeof channel.send>[0])
  await until(() => stepOf(tab, id) > 8)
  expect(tab.runs.store.getState().runs).toHaveLength(before)
  expect(statusOf(tab, id)).toBe('elsewhere')
  await owner.queue.stop()
  await until(() => statusOf(tab, id) === 'stopped')
  expect(tab.runs.seriesOf(id).steps.length).toBe(owner.runs.seriesOf(id).steps.length)
})
