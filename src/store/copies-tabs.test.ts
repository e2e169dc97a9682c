// Copies in this browser, as several tabs list them; and what a run opens from them.
import { expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { keptFiles } from '../storage/kept-files'
import { createFakeEngine } from '../testing/fake-engine'
import { FakeKept } from '../testing/fake-kept'
import { dataFile, makeStudio, missingOf, modelFiles, until } from '../testing/fake-studio'
import { type SpaceFolders, memorySpace } from '../testing/memory-space'
import { memoryStore } from '../testing/memory-store'
import type { PickedFile } from '../worker/api'
import { memoryKeeping } from './keeping'
import { memoryLiving } from './living'
import type { Studio } from './studio'
import { memoryTabs } from './tab-channel'
import { memoryTurns } from './turns'

const otherModel: PickedFile[] = ['other/config.json', 'other/model.safetensors'].map((path) => ({ path, file: new File(['{ }'], path) }))

/** Tabs of one browser. `alone`: the tab hears nothing of the others. */
function browser() {
  const folders: SpaceFolders = new Map()
  const [records, engineKept, keeping] = [new Map<string, unknown>(), new FakeKept(), memoryKeeping()]
  const [living, writing, turns, tab] = [memoryLiving(), memoryLiving(), memoryTurns(), memoryTabs()]
  return async ({ alone = false, keepSmall = true } = {}): Promise<Studio> => {
    const files = keptFiles({ space: memorySpace(folders), records: memoryStore(records), writing })
    const channel = alone ? memoryTabs()() : tab()
    const studio = makeStudio(createFakeEngine({ beatMs: 5, kept: engineKept }), keeping, living, { keptFiles: files, turns, channel })
    studio.preferences.set({ keepSmall })
    await studio.device.check({ secure: true, hasWebGpu: true })
    await studio.copies.load()
    await studio.runs.load()
    return studio
  }
}

const namesOf = (studio: Studio) => studio.copies.store.getState().kept.map(({ name }) => name)
const statusOf = (studio: Studio, place: 'model' | 'data') => studio.copies[place].store.getState().status
const copyOf = (studio: Studio, kind: 'model' | 'data') => studio.copies.store.getState().kept.find((copy) => copy.kind === kind)?.id ?? ''

/** Opens a model and data, of which copies are kept. */
async function withCopies(studio: Studio): Promise<Studio> {
  await studio.openModel(modelFiles)
  await studio.openData(dataFile())
  await until(() => statusOf(studio, 'model') === 'kept' && statusOf(studio, 'data') === 'kept')
  return studio
}

async function running(studio: Studio): Promise<string> {
  studio.setup.setTrainingValue('steps', 100_000)
  await until(() => missingOf(studio) === undefined)
  const id = studio.start() ?? ''
  await until(() => (studio.runs.find(id)?.last?.step ?? 0) > 1)
  return id
}

it('copies that one tab makes and deletes are listed in the others at once', async () => {
  const open = browser()
  const [first, second] = [await open(), await open()]
  await withCopies(second)
  await until(() => namesOf(first).length === 2)
  expect(namesOf(first)).toEqual(namesOf(second))
  await first.openModel(modelFiles)
  await until(() => statusOf(first, 'model') === 'kept')
  expect(namesOf(first)).toHaveLength(2)
  await first.copies.remove(copyOf(first, 'model'))
  await until(() => namesOf(second).length === 1)
  // What is open in the other tab has no copy any more, and says so.
  expect(statusOf(second, 'model')).toBe('declined')
  await second.copies.model.keep()
  await until(() => statusOf(first, 'model') === 'kept')
  expect(copyOf(first, 'model')).toBe(copyOf(second, 'model'))
})

it('a tab that has heard nothing of a copy reads the list again before it says that there is none', async () => {
  const open = browser()
  const [first, second] = [await open({ alone: true }), await open()]
  await withCopies(second)
  expect(namesOf(first)).toEqual([])
  const { fingerprint } = second.copies.data.store.getState()
  expect(await first.copies.find({ fingerprint })).toMatchObject({ name: 'rows.jsonl' })
})

it('a copy that was deleted meanwhile leaves the list, with both reasons that there can be', async () => {
  const open = browser()
  const second = await withCopies(await open())
  const first = await open({ alone: true })
  const id = copyOf(first, 'data')
  await second.copies.remove(id)
  expect(namesOf(first)).toContain('rows.jsonl')
  expect(await first.openCopy(id)).toBeUndefined()
  expect(namesOf(first)).toEqual(['tiny'])
  expect(sentence(first.copies.store.getState().error!)).toBe(
    'rows.jsonl: expected the copy in this browser, got nothing. It was deleted in another tab, or the browser has cleared its storage. Open the original again.',
  )
})

it('a tab takes a run over with copies that were made after it was opened, and says which model that would replace', async () => {
  const open = browser()
  const first = await open({ keepSmall: false })
  await first.openModel(otherModel)
  await until(() => statusOf(first, 'model') === 'small')
  const second = await withCopies(await open())
  const id = await running(second)
  await until(() => first.runs.find(id)?.status === 'elsewhere')
  expect(await first.resuming.replaces(id)).toEqual({ open: 'other', wanted: 'tiny' })
  await first.copies.model.keep()
  expect(await first.resuming.replaces(id)).toBeUndefined()
  await first.tabs.takeOver(id)
  expect(first.tabs.store.getState().refused).toBeUndefined()
  await until(() => first.runs.find(id)?.status === 'training')
  await first.queue.stop()
  await first.queue.done(id)
})

/** A tab that opens after another one was closed in the middle of a run, and what is left of the copies. */
async function interrupted(keeps: (copies: Studio['copies'], owner: Studio) => Promise<void>) {
  const open = browser()
  const owner = await withCopies(await open())
  const id = await running(owner)
  await owner.queue.stop()
  await owner.queue.done(id)
  await keeps(owner.copies, owner)
  const again = await open({ alone: true, keepSmall: false })
  await until(() => again.runs.find(id)?.status === 'stopped')
  again.runs.update(id, (run) => ({ ...run, status: 'interrupted', last: undefined, files: undefined }))
  await again.runs.save(id)
  return { again, id }
}

it('a run whose model a person opens as asked continues with the data that are kept', async () => {
  const { again, id } = await interrupted((copies, owner) => copies.remove(copyOf(owner, 'model')))
  await again.resuming.resume(id)
  expect(sentence(again.resuming.missing(again.runs.find(id)!)!)).toBe('Open the model tiny to resume this run.')
  await again.openModel(modelFiles)
  await until(() => again.runs.find(id)?.status === 'training')
  await again.queue.stop()
  await again.queue.done(id)
  expect(again.data.store.getState().report?.name).toBe('rows.jsonl')
})

it('a model that nobody waits for opens no data, and a run that is resumed unasked replaces no model that is not kept', async () => {
  const { again, id } = await interrupted(() => Promise.resolve())
  await again.openModel(otherModel)
  await until(() => statusOf(again, 'model') === 'small')
  again.preferences.set({ resumeBySelf: true })
  await again.resuming.find()
  await until(() => again.resuming.store.getState().wanted.length > 0)
  // Long enough for a model of the fake engine to be opened.
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(again.model.store.getState()).toMatchObject({ loading: false, report: { name: 'other' } })
  expect(again.data.store.getState().file).toBeUndefined()
  await again.resuming.resume(id)
  await until(() => again.runs.find(id)?.status === 'training')
  await again.queue.stop()
  await again.queue.done(id)
})
