import { expect, test } from 'vitest'
import { sentence } from '../config/phrase'
import { defaultTraining } from '../config/run-config'
import { keptFiles } from '../storage/kept-files'
import { Operations } from '../testing/memory-folder'
import { type SpaceFolders, memorySpace } from '../testing/memory-space'
import { memoryStore } from '../testing/memory-store'
import { dataFile, makeStudio, modelFiles, until } from '../testing/fake-studio'
import type { PickedFile } from '../worker/api'
import { smallBytes } from './copy-place'
import { recipeOf } from './data-state'
import { memoryKeeping } from './keeping'
import { memoryLiving } from './living'
import type { Studio } from './studio'

/** Studios in one browser: each `open` is a reload. */
function browser() {
  const folders: SpaceFolders = new Map()
  const records = new Map<string, unknown>()
  const preferences = new Map<string, string>()
  const keeping = memoryKeeping()
  return {
    folders,
    async open(operations = new Operations()): Promise<Studio> {
      const files = keptFiles({ space: memorySpace(folders, operations), records: memoryStore(records), writing: memoryLiving() })
      const texts = {
        getItem: (key: string) => preferences.get(key) ?? null,
        setItem: (key: string, value: string) => void preferences.set(key, value),
      }
      const studio = makeStudio({}, keeping, undefined, { keptFiles: files, preferences: texts })
      await studio.device.check({ secure: true, hasWebGpu: true })
      return studio
    },
  }
}

/** A file that says it is large, and waits before each piece is read. */
function large(path: string, ready: Promise<void> = Promise.resolve()): PickedFile {
  const file = new File(['{}'], path)
  const piece = { arrayBuffer: async () => (await ready, new ArrayBuffer(1)) }
  Object.defineProperties(file, { size: { value: smallBytes + 1 }, slice: { value: () => piece } })
  return { path, file }
}
const statusOf = (studio: Studio, place: 'model' | 'data' = 'model') => studio.copies[place].store.getState().status
const ends = (studio: Studio, place: 'model' | 'data', status: string) => until(() => statusOf(studio, place) === status)

test('a small model and its data are kept without asking, and are opened again after a reload', async () => {
  const { open } = browser()
  const studio = await open()
  await studio.openModel(modelFiles)
  await studio.openData(dataFile())
  await ends(studio, 'model', 'kept')
  await ends(studio, 'data', 'kept')
  const again = await open()
  await again.copies.load()
  const { kept } = again.copies.store.getState()
  expect(kept.map((k) => [k.kind, k.name]).sort()).toEqual([
    ['data', 'rows.jsonl'],
    ['model', 'tiny'],
  ])
  for (const kind of ['model', 'data'] as const)
    expect(await (await again.openCopy(kept.find((k) => k.kind === kind)!.id))?.loaded).toBe(true)
  expect(again.model.store.getState().report?.name).toBe('tiny')
  expect(again.data.store.getState().report?.rows).toBe(40)
  // What came from a copy is not copied again.
  await ends(again, 'model', 'kept')
  await ends(again, 'data', 'kept')
  expect(again.copies.store.getState().kept).toHaveLength(2)
  const run = again.runs.find(again.startWith({ method: 'lora', methodSettings: {}, training: defaultTraining() })!)
  expect(run?.model).toMatchObject({ keptId: kept.find((k) => k.kind === 'model')!.id })
  expect(run?.data).toMatchObject({ keptId: kept.find((k) => k.kind === 'data')!.id, options: { format: 'auto' } })
})

test('a run finds its data by a hash of their bytes, whatever the file is called', async () => {
  const { open } = browser()
  const studio = await open()
  await studio.openModel(modelFiles)
  await studio.openData(dataFile())
  await ends(studio, 'data', 'kept')
  const { fingerprint } = studio.copies.data.store.getState()
  await studio.openData({ path: 'other.jsonl', file: new File([await dataFile().file.text()], 'other.jsonl') })
  await ends(studio, 'data', 'kept')
  expect(studio.copies.data.store.getState().fingerprint).toBe(fingerprint)
  expect(await studio.copies.find({ keptId: 'gone', fingerprint })).toMatchObject({ kind: 'data', name: 'rows.jsonl' })
  expect(await studio.copies.find({ fingerprint: 'else' })).toBeUndefined()
})

test('a large model is offered once; a no is remembered, and a yes makes the copy', async () => {
  const { open } = browser()
  const files = [modelFiles[0], large('tiny/model.safetensors')]
  const studio = await open()
  await studio.openModel(files)
  await ends(studio, 'model', 'asking')
  expect(studio.copies.model.store.getState().sizeBytes).toBe(smallBytes + 3)
  studio.copies.model.decline()
  const again = await open()
  await again.openModel(files)
  await ends(again, 'model', 'declined')
  await again.copies.model.keep()
  expect(statusOf(again)).toBe('kept')
  expect(again.copies.store.getState().kept).toHaveLength(1)
})

test('whoever wants no copies of small files has none', async () => {
  const { open, folders } = browser()
  const studio = await open()
  studio.preferences.set({ keepSmall: false })
  await studio.openModel(modelFiles)
  await ends(studio, 'model', 'small')
  expect(folders.size).toBe(0)
  expect((await open()).preferences.store.getState().keepSmall).toBe(false)
})

test('another model ends the copy of the one before, and nothing of it stays', async () => {
  const { open, folders } = browser()
  const studio = await open()
  let go = (): void => undefined
  await studio.openModel([modelFiles[0], large('tiny/model.safetensors', new Promise((resolve) => (go = resolve)))])
  await ends(studio, 'model', 'asking')
  const copying = studio.copies.model.keep()
  await studio.openModel(modelFiles)
  go()
  await copying
  await ends(studio, 'model', 'kept')
  expect(folders.size).toBe(1)
})

test('a full storage keeps nothing and says so; the model stays loaded', async () => {
  const { open, folders } = browser()
  const studio = await open(new Operations({ at: 4, kind: 'quota' }))
  await studio.openModel(modelFiles)
  await ends(studio, 'model', 'failed')
  expect(sentence(studio.copies.model.store.getState().reason!)).toMatch(/expected room for it, got a full storage/)
  expect(folders.size).toBe(0)
  expect(studio.model.store.getState().report).toBeDefined()
})

test('a damaged copy is named and not loaded; a deleted one is gone', async () => {
  const { open, folders } = browser()
  const studio = await open()
  await studio.openModel(modelFiles)
  await studio.openData(dataFile())
  await ends(studio, 'data', 'kept')
  const again = await open()
  await again.openModel(modelFiles)
  await ends(again, 'model', 'kept')
  const [rows] = again.copies.store.getState().kept.filter((k) => k.kind === 'data')
  folders.get(rows.id)!.get('0')![7] ^= 1
  expect(await again.openCopy(rows.id)).toBeUndefined()
  expect(sentence(again.copies.store.getState().error!)).toMatch(/^rows\.jsonl: expected the bytes that were kept/)
  expect(again.data.store.getState().file).toBeUndefined()
  await again.copies.remove(rows.id)
  expect(folders.has(rows.id)).toBe(false)
  expect(await again.copies.find({ keptId: rows.id })).toBeUndefined()
})

test('cleaned rows that are opened from their copy have the recipe that a run on them kept', async () => {
  const { open } = browser()
  const studio = await open()
  await studio.openModel(modelFiles)
  const once = await dataFile().file.text()
  await studio.workbench.add([dataFile(`${once}\n${once}`)])
  studio.workbench.addStep('drop-duplicates')
  await until(() => !studio.workbench.store.getState().stale)
  await studio.openCleaned()
  await ends(studio, 'data', 'kept')
  await until(() => studio.readiness.getState().obstacle === undefined)
  studio.setup.setTrainingValue('steps', 2)
  await until(() => studio.readiness.getState().obstacle === undefined)
  const id = studio.start() ?? ''
  await until(() => studio.runs.find(id)?.status === 'finished')
  const again = await open()
  await again.runs.load()
  await again.openModel(modelFiles)
  const copy = await again.copies.find({ fingerprint: studio.copies.data.store.getState().fingerprint })
  await (
    await again.openCopy(copy?.id ?? '')
  )?.loaded
  expect(recipeOf(again.data.store.getState())?.steps).toEqual([{ step: 'drop-duplicates', settings: {} }])
})
