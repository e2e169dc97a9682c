// Several tabs over the same storage.
import { describe, expect, it } from 'vitest'
import { createFakeEngine } from '../testing/fake-engine'
import { FakeKept } from '../testing/fake-kept'
import { makeStudio, missingOf, readyStudio, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import { lockedLiving, memoryLiving } from './living'
import type { Studio } from './studio'
import { memoryTabs } from './tab-channel'
import { memoryTurns } from './turns'

/** What tabs of one browser share beside storage. */
function browser() {
  const [turns, tab] = [memoryTurns(), memoryTabs()]
  return () => ({ turns, channel: tab() })
}

/** A tab with a run under way, and one opened beside it. */
async function twoTabs() {
  const [keeping, living] = [memoryKeeping(), memoryLiving()]
  const first = await readyStudio(keeping, createFakeEngine({ beatMs: 5 }), living)
  first.setup.setTrainingValue('steps', 100_000)
  await until(() => missingOf(first) === undefined)
  const id = first.start() ?? ''
  await until(() => (first.runs.find(id)?.last?.step ?? 0) > 1)
  await first.runs.save(id)
  const second = makeStudio({}, keeping, living)
  await second.runs.load()
  return { first, second, keeping, living, id }
}

describe('a run that continues in another tab', () => {
  it('is neither interrupted nor deleted, and is not written over', async () => {
    const { first, second, keeping, id } = await twoTabs()
    expect(second.runs.find(id)?.status).toBe('elsewhere')
    expect(second.activity.getState().training).toBe(false)
    await second.remove(id)
    second.runs.note(id, { name: 'mine' })
    second.runs.toggle(id)
    await second.runs.save(id)
    const [kept] = (await keeping.runs()).runs
    expect(kept?.run).toMatchObject({ status: 'training', name: 'LoRA 1', visible: true })
    await first.queue.stop()
    await first.queue.done(id)
  })

  it('is read again after it has ended there', async () => {
    const { first, second, id } = await twoTabs()
    await first.queue.stop()
    await first.queue.done(id)
    await until(() => second.runs.find(id)?.status === 'stopped')
    expect(second.runs.find(id)?.files?.length).toBeGreaterThan(0)
    expect(second.runs.seriesOf(id).steps.length).toBe(first.runs.seriesOf(id).steps.length)
    await second.remove(id)
    expect(second.runs.find(id)).toBeUndefined()
  })

  it('is interrupted when that tab goes away', async () => {
    const [keeping, living] = [memoryKeeping(), memoryLiving()]
    const { first, keeping: before, id } = await twoTabs()
    for (const kept of (await before.runs()).runs) await keeping.saveRun(kept)
    const goAway = await living.hold(id)
    const second = makeStudio({}, keeping, living)
    await second.runs.load()
    expect(second.runs.find(id)?.status).toBe('elsewhere')
    goAway()
    await until(() => second.runs.find(id)?.status === 'interrupted')
    await first.queue.stop()
  })
})

describe('tabs of one browser', () => {
  /** Two tabs with a model and data each. */
  async function two() {
    const [keeping, living, beside, kept] = [memoryKeeping(), memoryLiving(), browser(), new FakeKept()]
    const open = async () => {
      const studio = await readyStudio(keeping, createFakeEngine({ beatMs: 5, kept }), living, beside())
      studio.setup.setTrainingValue('steps', 100_000)
      await until(() => missingOf(studio) === undefined)
      await studio.runs.load()
      return studio
    }
    return { first: await open(), second: await open(), living, keeping, beside }
  }
  const stepOf = (studio: Studio, id: string): number => studio.runs.find(id)?.last?.step ?? 0

  it('see a run that starts in one of them live, step by step', async () => {
    const { first, second, living, keeping, beside } = await two()
    const id = first.start() ?? ''
    await until(() => stepOf(second, id) > 3)
    expect(second.runs.find(id)?.status).toBe('elsewhere')
    await first.queue.pause()
    await until(() => second.tabs.store.getState().there[id] === 'paused')
    const late = makeStudio({}, keeping, living, beside())
    await late.runs.load()
    await until(() => stepOf(late, id) === stepOf(first, id))
    await first.queue.resume()
    await until(() => stepOf(late, id) > 6)
    for (const studio of [second, late]) {
      const steps = studio.runs.seriesOf(id).steps
      expect([...steps.columns.step!.subarray(0, steps.length)]).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1))
    }
    await first.queue.stop()
    await until(() => second.runs.find(id)?.status === 'stopped')
    expect(second.runs.seriesOf(id).steps.length).toBe(first.runs.seriesOf(id).steps.length)
  })

  it('never train at the same time: a run waits until that of the other tab has ended', async () => {
    const { first, second } = await two()
    const one = first.start() ?? ''
    await until(() => stepOf(first, one) > 1)
    const deleted = second.start() ?? ''
    const waiting = second.start() ?? ''
    await until(() => stepOf(first, one) > 5)
    expect(second.runs.find(waiting)?.status).toBe('queued')
    await second.remove(deleted)
    await first.queue.stop()
    await until(() => stepOf(second, waiting) > 1)
    expect(first.queue.active()).toBeUndefined()
    expect(first.runs.find(waiting)?.status).toBe('elsewhere')
    await second.queue.stop()
    await until(() => second.queue.active() === undefined)
  })

  it('take a run over from each other, again and again, with no step twice and none missing', async () => {
    const { first, second } = await two()
    const id = first.start() ?? ''
    await until(() => stepOf(first, id) > 2)
    let [here, there] = [first, second]
    for (let times = 0; times < 4; times++) {
      const at = stepOf(here, id)
      await until(() => there.runs.find(id)?.status === 'elsewhere')
      await there.tabs.takeOver(id)
      ;[here, there] = [there, here]
      await until(() => stepOf(here, id) > at + 2)
      expect(there.queue.active()).toBeUndefined()
      const { steps } = here.runs.seriesOf(id)
      expect([...steps.columns.step!.subarray(0, steps.length)]).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1))
    }
    await here.queue.stop()
    await until(() => there.runs.find(id)?.status === 'stopped')
  })

  it('take over a run that is paused', async () => {
    const { first, second } = await two()
    const id = first.start() ?? ''
    await until(() => stepOf(first, id) > 2)
    await first.queue.pause()
    await until(() => second.tabs.store.getState().there[id] === 'paused')
    await second.tabs.takeOver(id)
    await until(() => second.runs.find(id)?.status === 'training')
    expect(first.runs.find(id)?.status).toBe('elsewhere')
    await second.queue.stop()
    expect((await second.queue.done(id))?.status).toBe('stopped')
  })

  it('pass the turn on when the only run that waits is deleted', async () => {
    const { first, second } = await two()
    const one = first.start() ?? ''
    await until(() => stepOf(first, one) > 1)
    await second.remove(second.start() ?? '')
    await first.queue.stop()
    await first.queue.done(one)
    const again = first.start() ?? ''
    await until(() => stepOf(first, again) > 1)
    await first.queue.stop()
    expect((await first.queue.done(again))?.status).toBe('stopped')
  })
})

describe('without Web Locks', () => {
  it('a tab is for itself', async () => {
    const living = lockedLiving(undefined)
    const release = await living.hold('a')
    expect([...(await living.running())]).toEqual(['a'])
    release()
    await living.ended('a')
    expect((await living.running()).size).toBe(0)
  })
})
