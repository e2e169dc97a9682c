// Copies of records beside IndexedDB: what cannot be read or deleted there is said.
import { expect, it } from 'vitest'
import { asWritten, sentence } from '../config/phrase'
import { FakeKept } from '../testing/fake-kept'
import { makeStudio, readyStudio, until } from '../testing/fake-studio'
import type { BesideRun, EngineApi, Result } from '../worker/api'
import { withBeside } from './beside'
import { memoryKeeping } from './keeping'

const failed = (words: string): Promise<Extract<Result<never>, { ok: false }>> =>
  Promise.resolve({ ok: false, error: { kind: 'FormatError', phrase: asWritten(words) } })

/** A studio that finds what is beside, and its error. */
async function errorOf(besideRuns: EngineApi['besideRuns']) {
  const studio = makeStudio({}, withBeside(memoryKeeping(), { ...new FakeKept().api, besideRuns }))
  await studio.runs.load()
  const { error } = studio.runs.store.getState()
  return error && sentence(error)
}

it('a run that cannot be deleted beside stays in the list, and does not wait in the queue', async () => {
  const [kept, keeping] = [new FakeKept(), memoryKeeping()]
  let deleted = false
  const forgetKept: EngineApi['forgetKept'] = (...what) => (deleted ? kept.api.forgetKept(...what) : failed('disk: silent'))
  const studio = await readyStudio(withBeside(keeping, { ...kept.api, forgetKept }))
  const [first, second] = [studio.start()!, studio.start()!]
  await studio.remove(second)
  expect(studio.runs.store.getState().error).toEqual(asWritten('disk: silent'))
  expect(studio.runs.find(second)?.status).toBe('interrupted')
  await until(() => studio.runs.find(first)?.status === 'finished')
  const series = studio.runs.seriesOf(first)
  await studio.remove(first)
  expect(studio.runs.find(first)?.status).toBe('finished')
  expect(studio.runs.seriesOf(first)).toBe(series)
  expect((await keeping.runs()).runs.map(({ run }) => run.id)).toEqual([first, second])
  deleted = true
  for (const id of [first, second]) await studio.remove(id)
  expect((await keeping.runs()).runs).toEqual([])
  expect(studio.queue.active()).toBeUndefined()
})

it('copies that cannot be read are named', async () => {
  expect(await errorOf(() => failed('runs: silent'))).toBe('runs: silent')
  const damaged: BesideRun = { runId: 'a', metrics: [], problems: [asWritten('record.json: damaged')] }
  expect(await errorOf(async () => ({ ok: true, value: [damaged] }))).toBe('record.json: damaged')
  const odd: BesideRun = { runId: 'b', record: { name: 7 }, metrics: [], problems: [] }
  expect(await errorOf(async () => ({ ok: true, value: [odd] }))).toMatch(/^run b, /)
  expect(await errorOf(async () => ({ ok: true, value: [] }))).toBeUndefined()
})
