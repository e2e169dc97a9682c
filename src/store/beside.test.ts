// Copies of records beside IndexedDB: they replace records that are lost or older, and what cannot be read or deleted there is said.
import { expect, it, vi } from 'vitest'
import { asWritten, sentence } from '../config/phrase'
import { FakeKept } from '../testing/fake-kept'
import { makeStudio, readyStudio, until } from '../testing/fake-studio'
import type { BesideRun, EngineApi, Result } from '../worker/api'
import { withBeside } from './beside'
import { memoryKeeping } from './keeping'
import { parseKeptRun } from './kept-run'
import type { KeptRun } from './run'
import { appendStep } from './series'

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

const adapter = { files: [{ path: 'adapter_model.safetensors', bytes: new Uint8Array([1, 2]) }] }
const sizes = [{ path: 'adapter_model.safetensors', bytes: 2 }]

function runNamed(name: string): KeptRun {
  return parseKeptRun('run-1', { run: { name, config: { method: 'lora' }, model: { name: 'tiny' }, status: 'finished' } })
}

/** The record before the last one is what storage has again, as after a loss of its end. */
async function rolledBack() {
  vi.useFakeTimers({ toFake: ['Date'] })
  const keeping = memoryKeeping()
  const both = withBeside(keeping, new FakeKept().api)
  const first = runNamed('first')
  appendStep(first.series, { step: 1, steps: 1, loss: 2, tokens: 3, totalTokens: 3, elapsedMs: 4 })
  await both.saveRun({ ...first, run: { ...first.run, files: sizes } }, { last: adapter })
  const [before] = (await keeping.runs()).runs
  vi.setSystemTime(Date.now() + 10)
  await both.saveRun(runNamed('second'))
  const [after] = (await keeping.runs()).runs
  await keeping.saveRun(before)
  vi.useRealTimers()
  return { keeping, both, after }
}

it('a record that is older than its copy is replaced by the copy; its adapter and its curves stay', async () => {
  const { both } = await rolledBack()
  const { runs, foundBeside } = await both.runs()
  expect(foundBeside).toBe(1)
  expect(runs).toMatchObject([{ run: { id: 'run-1', name: 'second', files: sizes }, series: { steps: { length: 1 } } }])
  expect(await both.runs()).toMatchObject({ foundBeside: 0, runs: [{ run: { name: 'second' } }] })
})

it('a record that another tab writes meanwhile is not replaced', async () => {
  const { keeping, both, after } = await rolledBack()
  const read = keeping.runs
  let reads = 0
  const slow = withBeside(
    {
      ...keeping,
      async runs() {
        const kept = await read()
        if (reads++ === 0) await keeping.saveRun(after)
        return kept
      },
    },
    {
      ...new FakeKept().api,
      besideRuns: async () => ({ ok: true, value: [{ runId: 'run-1', record: runNamed('third').run, metrics: [], problems: [] }] }),
    },
  )
  expect((await slow.runs()).foundBeside).toBe(0)
  expect((await both.runs()).runs).toMatchObject([{ run: { name: 'second' } }])
})
