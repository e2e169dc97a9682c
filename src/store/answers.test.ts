// Answered rows: asked, judged, listed, stopped, taken away.
import { expect, it } from 'vitest'
import { readyStudio, until } from '../testing/fake-studio'
import { memoryKeeping } from './keeping'
import { parseKeptRun } from './kept-run'
import { answersCsv } from './answers-csv'
import { listedRows } from './answers-list'
import { baseColumn } from './play-state'
import type { Studio } from './studio'

async function trained(): Promise<{ studio: Studio; id: string }> {
  const studio = await readyStudio()
  const id = studio.start() ?? ''
  await studio.queue.done(id)
  // A run that has ended is among the models to ask.
  expect(studio.answers.store.getState().chosen).toEqual([baseColumn, id])
  return { studio, id }
}
const state = (studio: Studio) => studio.answers.store.getState()
const judged = (studio: Studio) => until(() => state(studio).scored !== undefined && state(studio).scoredRows === state(studio).rows.length)

it('base and adapter answer the rows; all are listed, the wrong ones first, with scores and what is more than chance', async () => {
  const { studio, id } = await trained()
  studio.answers.set('rows', 30)
  await studio.answers.run()
  await judged(studio)
  expect(state(studio).columns.map((column) => column.id)).toEqual([baseColumn, id])
  const [base, adapter] = state(studio).scored!.columns.map(({ scores }) => scores[0].figures[0])
  // The fake adapter answers every third row wrongly, the fake base all of them.
  expect([base.value, adapter.value, adapter.other]).toEqual([0, 2 / 3, expect.objectContaining({ difference: 2 / 3, sure: true })])
  const listed = (query: Partial<Parameters<typeof listedRows>[1]>) =>
    listedRows(state(studio), { show: 'all', words: '', by: 0, ...query })
  expect(listed({ of: 1 }).slice(0, 12)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 1, 2])
  expect(listed({ of: 1, show: 'wrong' })).toHaveLength(10)
  expect(listed({ show: 'right' })).toEqual([])
  expect(listed({ show: 'differ' })).toHaveLength(20)
  expect(listed({ words: 'SAY 17' })).toEqual([17])
  expect(studio.runs.find(id)?.exactMatch).toEqual({ before: { matched: 0, rows: 30 }, after: { matched: 20, rows: 30 } })
  const lines = answersCsv(state(studio)).split('\r\n')
  expect(lines[0]).toBe('line,prompt,expected,tiny,tiny: exact-match,tiny: token-f1,LoRA 1,LoRA 1: exact-match,LoRA 1: token-f1')
  expect(lines[2]).toBe(`2,Say 1,number 1,number,0,${2 / 3},number 1,1,1`)
})

it('a stopped run of answers keeps those that are there, judges them, and notes no share', async () => {
  const { studio, id } = await trained()
  const stop = studio.answers.store.subscribe(({ rows }) => {
    if (rows.length === 4) void studio.answers.stop()
  })
  await studio.answers.run()
  stop()
  await judged(studio)
  const { rows, error, running, progress } = state(studio)
  expect([rows.length, error, running, progress!.done < progress!.all]).toEqual([4, undefined, false, true])
  expect(studio.runs.find(id)?.exactMatch).toBeUndefined()
})

it('the scores can be chosen, and another model can be the one to compare with', async () => {
  const { studio } = await trained()
  await studio.answers.run()
  await judged(studio)
  expect(state(studio).scored!.suggested).toEqual(['exact-match', 'token-f1'])
  studio.answers.setMetrics(['classification'])
  await until(() => state(studio).scored?.confusions !== undefined)
  studio.answers.compareWith(1)
  await until(() => state(studio).scored?.columns[0].scores[0].figures[0].other !== undefined)
  expect(state(studio).scored!.columns[1].scores[0].figures[0].other).toBeUndefined()
})

it('the prompts that a run answers at its evaluations are kept with it', async () => {
  const { studio, id } = await trained()
  const run = studio.runs.find(id)!
  expect(run.samples?.map(({ step, rows }) => [step, rows[0].answer])).toEqual([
    [0, 'I like Portal.'],
    [12, 'inform(name[Portal])'],
  ])
  const record = { run: structuredClone(run), series: {} }
  expect(parseKeptRun(id, record).run.samples).toEqual(run.samples)
  expect(parseKeptRun(id, { ...record, run: { ...run, samples: [{ step: 'x' }] } }).run.samples).toBeUndefined()
  const again = { step: 12, rows: [], timeMs: 1, bytes: 1 }
  studio.runs.apply(id, [{ type: 'samples', samples: again }])
  expect(studio.runs.find(id)?.samples?.map(({ step, rows }) => [step, rows.length])).toEqual([
    [0, 1],
    [12, 0],
  ])
})

it('the reason is shown if the engine cannot answer', async () => {
  const studio = await readyStudio(memoryKeeping(), {
    answerRows: async () => ({ ok: false, error: { kind: 'DeviceError', phrase: { key: 'no memory', values: [] } } }),
  })
  await studio.answers.run()
  expect(state(studio)).toMatchObject({ running: false, error: { key: 'no memory' } })
})
