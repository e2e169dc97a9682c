// The workbench after a reload: each `open` is a page in the same browser.
import { expect, test } from 'vitest'
import { defaults } from '../config/field'
import { rewriteFields } from '../config/rewriting'
import { keptFiles } from '../storage/kept-files'
import { benchRecord } from '../storage/bench-record'
import { dataFile, makeStudio, modelFiles, until } from '../testing/fake-studio'
import { type SpaceFolders, memorySpace } from '../testing/memory-space'
import { memoryStore } from '../testing/memory-store'
import { saying } from '../testing/saying'
import type { PickedFile } from '../worker/api'
import { memoryKeeping } from './keeping'
import { memoryLiving, type Living } from './living'
import { withLabels } from './recipe-edits'
import type { Studio } from './studio'
import { hasUnsavedSteps } from './workbench-state'

function browser() {
  const folders: SpaceFolders = new Map()
  const copies = new Map<string, unknown>()
  const entries = new Map<string, unknown>()
  const preferences = new Map<string, string>()
  return {
    folders,
    entries,
    /** Waits until the record has `files` files, each with the name of its copy, and `words` in its recipe. */
    recorded: (files: number, words: string): Promise<void> =>
      until(() => {
        const record = entries.get('now') as { recipe: string; files: { keptId?: string }[] } | undefined
        return record?.files.length === files && record.files.every(({ keptId }) => keptId !== undefined) && record.recipe.includes(words)
      }),
    async open(living: Living = memoryLiving()): Promise<Studio> {
      const studio = makeStudio({}, memoryKeeping(), undefined, {
        keptFiles: keptFiles({ space: memorySpace(folders), records: memoryStore(copies), writing: memoryLiving() }),
        benchKeeping: { record: benchRecord(memoryStore(entries)), living },
        preferences: {
          getItem: (key) => preferences.get(key) ?? null,
          setItem: (key, value) => void preferences.set(key, value),
        },
      })
      await studio.keptWorkbench.start()
      return studio
    },
  }
}

const state = (studio: Studio) => studio.workbench.store.getState()
const settled = (studio: Studio) => until(() => !state(studio).stale && state(studio).work === undefined && state(studio).files.length > 0)
const kept = (studio: Studio) => until(() => state(studio).keptRecipe === state(studio).recipe.now)
const copied = (studio: Studio) =>
  until(() => state(studio).files.every(({ id }) => studio.keptWorkbench.placeOf(id)?.store.getState().status === 'kept'))
const other: PickedFile = { path: 'valid.jsonl', file: new File(['{"prompt":"c","completion":"z"}\n'], 'valid.jsonl') }
const messy = '{"prompt":"a","completion":"x"}\n{"prompt":"a","completion":"x"}\n{"prompt":"b","completion":""}'

/** A workbench with two files, two steps and a label. */
async function worked({ open, recorded }: ReturnType<typeof browser>): Promise<Studio> {
  const studio = await open()
  await studio.workbench.add([dataFile(messy)])
  await studio.workbench.add([other], 'evaluation')
  studio.workbench.addStep('drop-duplicates')
  await settled(studio)
  studio.workbench.addDecided((recipe) => withLabels(recipe, 'completion', [{ row: '0'.repeat(32), answer: 'mine', by: 'person' }]))
  await settled(studio)
  await copied(studio)
  await kept(studio)
  await recorded(2, 'mine')
  return studio
}

test('the workbench is as it was after a reload: files, parts, steps and labels', async () => {
  const here = browser()
  const { open } = here
  const first = await worked(here)
  expect(hasUnsavedSteps(state(first))).toBe(false)
  const again = await open()
  await settled(again)
  expect(state(again).files.map(({ picked, part }) => [picked.file.name, part])).toEqual([
    ['rows.jsonl', 'train'],
    ['valid.jsonl', 'evaluation'],
  ])
  expect(state(again).recipe.now).toEqual(state(first).recipe.now)
  expect(state(again).report).toEqual(state(first).report)
  expect(hasUnsavedSteps(state(again))).toBe(false)
  await again.workbench.remove(state(again).files[0].id)
  await again.workbench.remove(state(again).files[0].id)
  again.workbench.removeStep(1)
  again.workbench.removeStep(0)
  await kept(again)
  const third = await open()
  expect(state(third)).toMatchObject({ files: [], recipe: { now: { steps: [] } } })
})

test('answers of a labelling that has not ended are there too', async () => {
  const { open, recorded } = browser()
  const first = await open()
  await first.workbench.add([dataFile('{"prompt":"a","completion":""}\n{"prompt":"b","completion":""}')])
  await copied(first)
  await first.labelling.begin({ column: 'completion', all: false })
  first.labelling.write('A')
  await first.labelling.accept()
  await recorded(1, '"A"')
  const again = await open()
  await settled(again)
  expect(state(again).recipe.now.steps).toMatchObject([{ step: 'labels', data: [{ answer: 'A', by: 'person' }] }])
  expect(state(again).report?.makers).toEqual({ person: 1, file: 1 })
})

test('so are rewrites of a rewriting that has not ended', async () => {
  const { open, recorded } = browser()
  const first = await open()
  await first.device.check({ secure: true, hasWebGpu: true })
  await first.openModel(modelFiles)
  await first.workbench.add([dataFile('{"prompt":"a","completion":"x"}\n{"prompt":"b","completion":"y"}')])
  await copied(first)
  await first.labelling.beginRewriting({ ...defaults(rewriteFields), maxTokens: 20 }, { kind: 'base', name: 'tiny' })
  await first.labelling.accept()
  await recorded(1, 'tiny')
  const again = await open()
  await settled(again)
  expect(state(again).recipe.now.steps).toMatchObject([{ step: 'rewrites', data: [{ name: 'tiny' }] }])
  expect(state(again).report?.makers).toEqual({ model: 1, file: 2 })
})

test('a file without a copy is asked for, and one with other bytes is told', async () => {
  const here = browser()
  const { open, folders } = here
  const first = await worked(here)
  const { report } = state(first)
  folders.clear()
  const again = await open()
  await until(() => state(again).wanted !== undefined)
  const wanted = () => state(again).wanted ?? []
  expect(wanted().map(({ about, picked }) => [about.name, picked])).toEqual([
    ['rows.jsonl', undefined],
    ['valid.jsonl', undefined],
  ])
  expect(state(again).recipe.now).toEqual(state(first).recipe.now)
  // As large, with other bytes.
  await again.workbench.add([dataFile(messy.replace('"x"', '"y"'))])
  expect(wanted()[0]).toMatchObject({ picked: undefined, changed: { path: 'rows.jsonl' } })
  await again.workbench.wanted.choose(wanted()[0].id, dataFile(messy))
  expect(wanted()[0].changed).toBeUndefined()
  // Nobody asked for the last file of the same drop: it is added.
  await again.workbench.add([other, { path: 'more.jsonl', file: new File([messy], 'more.jsonl') }])
  await settled(again)
  expect(state(again).files.map(({ picked }) => picked.file.name)).toEqual(['rows.jsonl', 'valid.jsonl', 'more.jsonl'])
  await again.workbench.remove(state(again).files[2].id)
  expect(state(again)).toMatchObject({ wanted: undefined, report })
})

test('a file that has changed is used if the person says so; others are left out', async () => {
  const here = browser()
  const { open, folders } = here
  await worked(here)
  folders.clear()
  const again = await open()
  await until(() => state(again).wanted !== undefined)
  const [rows, valid] = state(again).wanted ?? []
  await again.workbench.wanted.choose(rows.id, dataFile('{"prompt":"new","completion":"n"}'))
  await again.workbench.wanted.leaveOut(valid.id)
  expect(state(again).files).toEqual([])
  await again.workbench.wanted.takeChanged(rows.id)
  await settled(again)
  expect(state(again).report).toMatchObject({ trainRows: 1, evaluationRows: 0 })
})

test('one tab keeps its workbench, and another says that it does not', async () => {
  const here = browser()
  const { open } = here
  await worked(here)
  const waiting: Living = { ...memoryLiving(), hold: () => new Promise(() => undefined) }
  const second = await open(waiting)
  expect(state(second)).toMatchObject({ files: [], notKept: saying('Another tab of this browser keeps its workbench') })
  await second.workbench.add([dataFile()])
  second.workbench.addStep('drop-empty')
  expect(hasUnsavedSteps(state(second))).toBe(true)
  const third = await open()
  await settled(third)
  expect(state(third).files).toHaveLength(2)
})

test('a record that cannot be read is named', async () => {
  const { open, entries } = browser()
  entries.set('now', { version: 2 })
  const studio = await open()
  expect(state(studio).error).toEqual(saying('The workbench that was open here before cannot be read'))
})
