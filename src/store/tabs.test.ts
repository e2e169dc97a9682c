// Several tabs over the same storage.
import { describe, expect, it } from 'vitest'
import { createFakeEngine } from '../testing/fake-engine'
import { makeStudio, missingOf, readyStudio, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import { lockedLiving, memoryLiving } from './living'

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
    second.runs.rename(id, 'mine')
    second.runs.toggle(id)
    await second.runs.save(id)
    const [kept] = (await keeping.runs()).runs
    expect(kept?.run).toMatchObject({ status: 'training', name: 'LoRA 1', visible: true })
    await first.queue.stop()
    await first.queue.done(id)
  })

  it('is read again when it has ended there', async () => {
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
