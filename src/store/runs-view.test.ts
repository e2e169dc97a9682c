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
    const other: Run = {
      ...two,
      id: 'other',
      name: 'IA3 1',
      methodLabel: 'IA3',
      config: { ...two.config, method: 'ia3', methodSettings: {} },
    }
    const apart = (second: Run, baseline?: string) => [...differencesById([one, second], baseline).values()].map(idsOf)
    expect(apart(other)).toEqual([[], []])
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
  })

  it('tells runs of one method apart by their settings, and those of different methods by their names', async () => {
    const studio = await readyStudio()
    const [one, two] = [await trained(studio, 8, 4), await trained(studio, 16, 4)]
    const other: Run = { ...two, id: 'other', config: { ...two.config, method: 'ia3', methodSettings: {} } }
    // The method's own settings come before those of training, which may be cut.
    const longer = { ...two, config: { ...two.config, training: { ...two.config.training, batchSize: 99 } } }
    const apart = (...runs: Run[]) => [...differencesById(runs, undefined).values()].map(idsOf)
    expect(apart(one, longer)[1]).toEqual(['set.r', 'set.batchSize'])
    expect(apart(one, two, other)).toEqual([['set.r'], ['set.r'], []])
    // A hidden run is none of those that the others are to be told from.
    expect(apart(one, { ...two, visible: false }, other)).toEqual([[], [], []])
    expect(apart(one, { ...two, model: { ...two.model, name: 'big' } })).toEqual([
      ['model', 'set.r'],
      ['model', 'set.r'],
    ])
  })

  it('has results before what differs, and settings that only some methods have at the end', async () => {
    const studio = await readyStudio()
    const [one, two] = [await trained(studio, 8, 4), await trained(studio, 16, 6)]
    const other: Run = {
      ...two,
      id: 'other',
      methodLabel: 'IA3',
      config: { ...two.config, method: 'ia3', methodSettings: { feedforward: 'x' } },
      summary: { ...two.summary!, finalLoss: 9, finalEval: { step: 6, evalLoss: 9, evalPerplexity: 9 } },
    }
    const shown = idsOf(columnsFor([one, two, other]).shown)
    const order = ['finalLoss', 'finalPerplexity', 'trainingTime', 'method', 'set.steps', 'set.r'].map((id) => shown.indexOf(id))
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(shown.at(-1)).toBe('set.r')
  })

  it('marks the best of runs with the same model and rows, and no value from before the first step', async () => {
    const studio = await readyStudio()
    const runs = [await trained(studio, 8, 4), await trained(studio, 16, 4), await trained(studio, 32, 4)]
    const [{ summary }] = runs
    const measured = (run: Run, perplexity: number, step: number, change: Partial<NonNullable<Run['summary']>> = {}): Run => {
      const found = { step, evalLoss: perplexity, evalPerplexity: perplexity }
      return { ...run, summary: { ...summary!, finalEval: found, bestEval: found, ...change } }
    }
    const marked = (...all: Run[]) => bestsOf(all, columnsFor(all).shown).bestPerplexity
    const [a, b, c] = runs.map((run, i) => measured(run, 3 - i, 4))
    expect(marked(a, b, c)).toEqual([c.id])
    expect(marked(a, b, { ...c, visible: false })).toEqual([b.id])
    expect(marked(a, b, measured(runs[2], 1, 0))).toEqual([b.id])
    for (const change of [
      { data: { ...summary!.data, rowsFingerprint: 'of other rows' } },
      { data: { ...summary!.data, rowsFingerprint: undefined } },
      { model: { ...summary!.model, fingerprint: 'another' } },
      { memory: { ...summary!.memory, evalRows: { used: 1, all: 8 } } },
    ])
      expect(marked(a, b, measured(runs[2], 1, 4, change))).toEqual([b.id])
    expect(marked(a, { ...b, summary: undefined })).toEqual([])
    // Where two are the only ones, and one of them was measured before it trained, neither is marked.
    expect(marked(a, measured(runs[1], 1, 0))).toEqual([])
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
