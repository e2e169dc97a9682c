// The table of runs: which columns it has, which runs are found, in which order, and what a person notes about them.
import { describe, expect, it } from 'vitest'
import { missingOf, makeStudio, readyStudio, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import { problemsOf } from './run-problems'
import { columnsFor, createSetUps, differencesById } from './run-columns'
import { arranged, bestsOf } from './runs-view'
import type { Run } from './run'
import type { Studio } from './studio'

async function trained(studio: Studio, r: number, steps: number): Promise<Run> {
  studio.setup.setMethodValue('r', r)
  studio.setup.setTrainingValue('steps', steps)
  await until(() => missingOf(studio) === undefined)
  return (await studio.queue.done(studio.start() ?? ''))!
}

const idsOf = (columns: readonly { id: string }[]) => columns.map(({ id }) => id)
const namesOf = (groups: ReturnType<typeof arranged>) => groups.map(({ runs }) => runs.map(({ name }) => name))

describe('the table of runs', () => {
  it('has columns of what differs, and finds, sorts and groups runs', async () => {
    const keeping = memoryKeeping()
    const studio = await readyStudio(keeping)
    const one = await trained(studio, 8, 4)
    expect(idsOf(columnsFor([one]).shown)).toEqual(expect.arrayContaining(['method', 'trainable', 'finalLoss']))
    expect(idsOf(columnsFor([one]).shown)).not.toContain('set.r')
    const two = await trained(studio, 16, 4)
    const both = columnsFor([one, two])
    expect(idsOf(both.shown)).toContain('set.r')
    expect(idsOf(both.same)).toEqual(expect.arrayContaining(['method', 'set.steps', 'set.learningRate', 'exactMatch']))
    // A setting that the other method does not have is no difference.
    const other: Run = { ...two, id: 'other', name: 'IA3 1', methodLabel: 'IA3', config: { ...two.config, methodSettings: {} } }
    const apart = (second: Run, baseline?: string) => [...differencesById([one, second], baseline).values()].map(idsOf)
    expect(apart(other)).toEqual([['method'], ['method']])
    expect(apart(two)).toEqual([['set.r'], ['set.r']])
    expect(apart(two, one.id)).toEqual([[], ['set.r']])
    // A step changes nothing of how runs were set up, and a setting does.
    const setUps = createSetUps()
    const before = setUps([one, two])
    expect(setUps([one, { ...two, last: { ...two.last!, step: 2 } }])).toBe(before)
    expect(setUps([one, { ...two, config: { ...two.config } }])).not.toBe(before)

    studio.runs.note(two.id, { name: ' wide ', starred: true, tags: ['a', ' b ', 'a', ''], notes: ' good ' })
    studio.runs.note(one.id, { name: '  ' })
    await studio.runs.save(two.id)
    const again = makeStudio({}, keeping)
    await again.runs.load()
    expect(again.runs.find(two.id)).toMatchObject({ name: 'wide', starred: true, tags: ['a', 'b'], notes: 'good' })
    const runs = again.runs.store.getState().runs
    const { shown } = columnsFor(runs)
    const view = { find: '', starred: false, group: 'none' } as const
    expect(namesOf(arranged(runs, view, shown))).toEqual([['wide', 'LoRA 1']])
    for (const find of ['B good', 'r=16']) expect(namesOf(arranged(runs, { ...view, find }, shown))).toEqual([['wide']])
    expect(namesOf(arranged(runs, { ...view, starred: true }, shown))).toEqual([['wide']])
    expect(namesOf(arranged(runs, { ...view, group: 'tags' }, shown))).toEqual([['wide'], ['LoRA 1']])
    const sort = { column: 'set.r', descending: false }
    expect(namesOf(arranged(runs, { ...view, sort }, shown))).toEqual([['LoRA 1', 'wide']])
    // A run without the value is last in both directions.
    for (const descending of [false, true])
      expect(namesOf(arranged([other, ...runs], { ...view, sort: { ...sort, descending } }, shown))[0].at(-1)).toBe('IA3 1')
    const measured = runs.map((run, i): Run => ({ ...run, summary: undefined, figures: { finalLoss: 2 - i } }))
    const figures = columnsFor(measured).shown
    expect(bestsOf(measured, figures)).toEqual({ finalLoss: 1 })
    expect(
      bestsOf(
        measured.map((run) => ({ ...run, visible: run.id === two.id })),
        figures,
      ),
    ).toEqual({})
  })

  it('sorts by a column in both directions, and then no longer', () => {
    const { runsView } = makeStudio()
    for (const sort of [{ column: 'a', descending: false }, { column: 'a', descending: true }, undefined]) {
      runsView.sortBy('a')
      expect(runsView.store.getState().sort).toEqual(sort)
    }
  })

  it('sets a run up like one that was, with its base precision', async () => {
    const studio = await readyStudio()
    const run = await trained(studio, 16, 4)
    studio.setup.setMethodValue('r', 2)
    await studio.takeSettings({ ...run, model: { ...run.model, base: 'nf4' } })
    expect(studio.setup.store.getState().drafts.lora?.r).toBe(16)
    expect(studio.model.store.getState().report?.base).toBe('nf4')
  })

  it('says each reason once', async () => {
    const studio = await readyStudio()
    const run = await trained(studio, 8, 2)
    const failed = (id: string, key: string): Run => ({ ...run, id, error: { key, values: [1] } })
    const found = problemsOf([failed('a', 'x'), run, failed('b', 'y'), failed('c', 'x')])
    expect(found.map(({ runs }) => runs.map(({ id }) => id))).toEqual([['a', 'c'], ['b']])
  })
})
