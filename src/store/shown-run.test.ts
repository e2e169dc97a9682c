// Which run the Train view is about, beside the runs of another tab.
import { describe, expect, it } from 'vitest'
import { readyStudio, until, missingOf } from '../testing/fake-studio'
import type { Run } from './run'
import { shownRun } from './shown-run'

const run = (id: string, status: Run['status']) => ({ id, status, config: {} }) as Run

describe('the run that is shown', () => {
  it('is the one that this tab trained, while another tab goes on', () => {
    const own = run('a', 'finished')
    expect(shownRun([own], {}, 'a')).toEqual({ id: 'a' })
    expect(shownRun([own, run('b', 'elsewhere')], {}, 'a')).toEqual({ id: 'a', beside: 'b' })
    expect(shownRun([own, run('b', 'elsewhere'), run('c', 'elsewhere')], { c: 'queued' }, 'a')).toEqual({ id: 'a', beside: 'b' })
    expect(shownRun([own, run('b', 'finished')], {}, 'a')).toEqual({ id: 'a', beside: 'b' })
    expect(shownRun([own, run('b', 'elsewhere')], {}, undefined)).toEqual({ id: 'b' })
    // What trains here comes before all, and a deleted run is not shown.
    expect(shownRun([own, run('b', 'training')], {}, 'a')).toEqual({ id: 'b' })
    expect(shownRun([run('b', 'elsewhere')], {}, 'a')).toEqual({ id: 'b' })
    // Another tab has taken it over.
    expect(shownRun([run('a', 'elsewhere'), run('b', 'finished')], {}, 'a')).toEqual({ id: 'b' })
    expect(shownRun([own, run('b', 'queued')], {}, 'a')).toEqual({ id: 'a' })
  })

  it('stays until the person looks at another one or starts one', async () => {
    const studio = await readyStudio()
    const train = async () => (await studio.queue.done(studio.start() ?? ''))?.id
    const shown = () => studio.shownRun.store.getState().own
    expect(shown()).toBeUndefined()
    const first = await train()
    expect(shown()).toBe(first)
    studio.shownRun.leave()
    expect(shown()).toBeUndefined()
    await until(() => missingOf(studio) === undefined)
    const second = studio.start() ?? ''
    expect(shown()).toBeUndefined()
    await studio.queue.done(second)
    expect(shown()).toBe(second)
    await until(() => missingOf(studio) === undefined)
    const third = studio.start() ?? ''
    expect(shown()).toBeUndefined()
    await studio.queue.done(third)
  })
})
