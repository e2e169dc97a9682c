// Adapters of ours on models with other weights.
import { expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { makeStudio, modelFiles, readyStudio, until } from '../testing/fake-studio'
import type { PickedFile } from '../worker/api'
import { fitsModel, runNotice } from './base-fit'
import type { Studio } from './studio'

const hash = (digit: string): string => digit.repeat(64)
const reportOf = (studio: Studio) => studio.model.store.getState().report!

function ours(base: object | undefined): PickedFile[] {
  const files = {
    'adapter_config.json': { peft_type: 'LORA', r: 4 },
    'adapter_model.safetensors': {},
    'tabtune.json': { method: 'lora', base },
  }
  return Object.entries(files).map(([name, content]) => ({ path: `mine/${name}`, file: new File([JSON.stringify(content)], name) }))
}

it('asks before it imports an adapter that was trained on another model', async () => {
  const studio = await readyStudio()
  const other = { name: 'elsewhere', fingerprint: hash('1'), lineage: hash('a') }
  await studio.openFiles(ours(other))
  await until(() => studio.imports.store.getState().questions.length === 1)
  const [question] = studio.imports.store.getState().questions
  expect(question?.name).toBe('mine')
  expect(sentence(question!.words)).toMatch(
    /^The adapter was trained on elsewhere \(fingerprint 1{16}\)\. The loaded tiny has other weights/,
  )
  expect(studio.runs.store.getState().runs).toEqual([])
  await studio.imports.decide(false)
  expect(studio.imports.store.getState().questions).toEqual([])
  expect(studio.runs.store.getState().runs).toEqual([])

  await studio.openFiles(ours(other))
  await until(() => studio.imports.store.getState().questions.length === 1)
  await studio.imports.decide(true)
  const [run] = studio.runs.store.getState().runs
  expect(run).toMatchObject({ name: 'mine', status: 'imported', trainedOn: other })
  expect(fitsModel(run!, reportOf(studio))).toBe(true)
  expect(sentence(runNotice(run!, reportOf(studio))!)).toMatch(/trained on elsewhere/)
})

it('imports an adapter of a copy with a note, and one of the same weights without', async () => {
  const studio = await readyStudio()
  const { fingerprint, lineage } = reportOf(studio)
  await studio.openFiles([...ours({ name: 'q4', fingerprint: hash('2'), lineage })])
  await until(() => studio.runs.store.getState().runs.length === 1)
  await studio.openFiles([...ours({ name: 'renamed', fingerprint, lineage })])
  await until(() => studio.runs.store.getState().runs.length === 2)
  await studio.openFiles([...ours(undefined)])
  await until(() => studio.runs.store.getState().runs.length === 3)
  const notices = studio.runs.store.getState().runs.map((run) => runNotice(run, reportOf(studio)))
  expect(notices.map((notice) => notice && sentence(notice))).toEqual([
    'The adapter was trained on q4. The loaded tiny appears to be the same model in another format or precision, so answers may differ slightly.',
    undefined,
    undefined,
  ])
  expect(studio.imports.store.getState().questions).toEqual([])
})

it('knows a run’s model by its weights, and by its name if the run is older', async () => {
  const studio = await readyStudio()
  const id = studio.start()!
  await studio.queue.done(id)
  const run = studio.runs.find(id)!
  expect(fitsModel(run, reportOf(studio))).toBe(true)
  const other = makeStudio()
  const file = new File(['{"other": 1}'], 'model.safetensors')
  await other.openModel([modelFiles[0]!, { path: 'tiny/model.safetensors', file }])
  expect(reportOf(other).name).toBe('tiny')
  expect(fitsModel(run, reportOf(other))).toBe(false)
  expect(fitsModel({ ...run, model: { name: 'tiny', family: 'llama', base: 'native' } }, reportOf(other))).toBe(true)
  expect(fitsModel(run, undefined)).toBe(false)
})
