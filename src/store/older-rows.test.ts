import { expect, it } from 'vitest'
import { defaultTraining } from '../config/run-config'
import { saying } from '../testing/saying'
import { keptFiles } from '../storage/kept-files'
import { dataFile, makeStudio, readyStudio, until } from '../testing/fake-studio'
import { type SpaceFolders, memorySpace } from '../testing/memory-space'
import { memoryStore } from '../testing/memory-store'
import type { PickedFile } from '../worker/api'
import { memoryKeeping } from './keeping'
import { memoryLiving } from './living'
import { withOldEval } from './run-files'

const named = (name: string, prompts: readonly string[]): PickedFile => {
  const text = prompts.map((prompt) => JSON.stringify({ prompt, completion: 'x' })).join('\n')
  return { path: name, file: new File([text], name) }
}
const many = (word: string, count: number) => Array.from({ length: count }, (_, i) => `${word} ${i}`)
const promptsIn = async (file: PickedFile | undefined) =>
  ((await file?.file.text()) ?? '').split('\n').flatMap((line) => (line ? [String((JSON.parse(line) as { prompt: unknown }).prompt)] : []))

it('older rows are mixed into the data, with the share and without those that are held out, and the run keeps it', async () => {
  const { older, data, ...studio } = await readyStudio()
  const config = { method: 'lora', methodSettings: { r: 2 }, training: defaultTraining({ steps: 2 }) }
  older.choose({ old: named('old.jsonl', many('old', 30)), held: named('old-held.jsonl', many('old', 10)), share: 0.5 })
  await older.mix()
  const state = data.store.getState()
  const [trained, held] = [await promptsIn(state.file), await promptsIn(state.evalFile)]
  expect(held).toHaveLength(4)
  const old = trained.filter((prompt) => prompt.startsWith('old'))
  expect([trained.length, old.length]).toEqual([54, 18])
  expect(old.some((prompt) => many('old', 10).includes(prompt))).toBe(false)
  expect(state.report?.trainRows).toBe(54)
  const id = studio.startWith(config)!
  expect(studio.runs.find(id)?.config.replay).toEqual({ name: 'old.jsonl', rows: 18, share: 0.5 })
  await studio.queue.done(id)
  // The fake engine's base has a loss of 4.7, and its adapters have 1.2.
  const loss = (evalLoss: number) => ({ evalLoss, evalPerplexity: Math.exp(evalLoss) })
  expect(studio.runs.find(id)?.oldEval).toEqual({ name: 'old-held.jsonl', rows: 10, before: loss(4.7), after: loss(1.2) })
  // Mixing again begins with the new rows alone.
  older.choose({ share: 0.25 })
  await older.mix()
  expect((await promptsIn(data.store.getState().file)).filter((prompt) => prompt.startsWith('old'))).toHaveLength(9)
  // Other data have no old rows.
  await studio.openData(dataFile())
  const next = studio.startWith(config)!
  expect(studio.runs.find(next)?.config.replay).toBeUndefined()
  await studio.queue.done(next)
})

it('the held-out rows of earlier data are kept, and measured after a reload', async () => {
  const [folders, records]: [SpaceFolders, Map<string, unknown>] = [new Map(), new Map()]
  const beside = () => ({ keptFiles: keptFiles({ space: memorySpace(folders), records: memoryStore(records), writing: memoryLiving() }) })
  const keeping = memoryKeeping()
  const { older, ...studio } = await readyStudio(keeping, {}, undefined, beside())
  older.choose({ old: named('old.jsonl', many('old', 30)), held: named('old-held.jsonl', many('old', 10)) })
  await older.mix()
  const places = [studio.copies.model, studio.copies.data, studio.copies.evaluation, studio.copies.oldEvaluation]
  await until(() => places.every(({ store }) => store.getState().status === 'kept'))
  const id = studio.startWith({ method: 'lora', methodSettings: {}, training: defaultTraining({ steps: 2 }) })!
  await studio.queue.done(id)
  for (const gone of [false, true]) {
    for (const { run, series } of (await keeping.runs()).runs)
      await keeping.saveRun({ run: { ...run, status: 'interrupted', oldEval: undefined, summary: undefined }, series })
    const again = makeStudio({}, keeping, undefined, beside())
    await again.device.check({ secure: true, hasWebGpu: true })
    await again.runs.load()
    if (gone) await again.copies.remove(again.runs.find(id)!.data.oldEvaluation!.keptId!)
    await again.resuming.resume(id)
    await until(() => again.runs.find(id)?.status === 'finished')
    const { oldEval, error } = again.runs.find(id)!
    if (gone) expect([oldEval, error]).toEqual([undefined, saying('old-held.jsonl: expected a copy of these held-out rows')])
    else expect(oldEval).toMatchObject({ name: 'old-held.jsonl', rows: 10, before: { evalLoss: 4.7 }, after: { evalLoss: 1.2 } })
  }
})

it('run.json gets both losses where the command line has them', () => {
  const [before, after] = [{ evalLoss: 2.5 }, { evalLoss: 1 / 3 }]
  const oldEval = { name: 'old.jsonl', rows: 3, before, after }
  const parts = { runId: 'a', status: 'finished', config: {}, model: {}, data: { rows: 1 } }
  const folder = (summary: object) => ({
    files: [
      { path: 'run.json', bytes: new TextEncoder().encode(`${JSON.stringify(summary, null, 2)}\n`) },
      { path: 'README.md', bytes: new Uint8Array(1) },
    ],
  })
  const kept = folder({ ...parts, asking: {}, elapsedMs: 0.1 })
  expect(withOldEval(kept, oldEval)).toEqual(folder({ ...parts, oldEval, asking: {}, elapsedMs: 0.1 }))
  expect(withOldEval(kept, undefined)).toEqual(kept)
})

it('data that are opened while older rows are mixed in stay', async () => {
  const { older, data, openData } = await readyStudio()
  older.choose({ old: named('old.jsonl', many('old', 30)) })
  const mixing = older.mix()
  const other = named('other.jsonl', many('other', 12))
  await Promise.all([openData(other), mixing])
  expect([data.store.getState().file?.path, data.store.getState().mix, older.store.getState().mixing]).toEqual([
    'other.jsonl',
    undefined,
    false,
  ])
})

it('rows of another form are refused, and the data stay as they were', async () => {
  const { older, data } = await readyStudio()
  const before = data.store.getState().file
  const file = new File(['{"question":"a","answer":"b"}'], 'other.jsonl')
  older.choose({ old: { path: 'other.jsonl', file } })
  await older.mix()
  expect(older.store.getState()).toMatchObject({ error: saying('older rows: expected rows like the new ones'), mixing: false })
  expect(data.store.getState().file).toBe(before)
})
