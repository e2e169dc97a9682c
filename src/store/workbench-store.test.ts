import { describe, expect, it, vi } from 'vitest'
import { autoHow } from '../config/read-how'
import { defaultTraining } from '../config/run-config'
import { WorkbenchHost } from '../worker/workbench-host'
import type { WorkbenchApi } from '../worker/workbench-api'
import { dataFile, readyStudio, rows, until } from '../testing/fake-studio'
import { saying } from '../testing/saying'
import { recipeOf } from './data-state'
import { parseKeptRun } from './kept-run'
import { withLabels } from './recipe-edits'
import { hasUnsavedSteps } from './workbench-state'
import { createWorkbenchStore } from './workbench-store'

const messy = ['{"prompt":"a","completion":"x"}', '{"prompt":"a","completion":"x"}', '{"prompt":"b","completion":""}'].join('\n')

async function opened(bench: WorkbenchApi = new WorkbenchHost()) {
  const workbench = createWorkbenchStore(bench)
  await workbench.add([dataFile(messy)])
  const state = () => workbench.store.getState()
  const settled = () => until(() => !state().stale)
  return { workbench, state, settled }
}

describe('the workbench', () => {
  it('takes steps, and takes them back', async () => {
    const { workbench, state, settled } = await opened()
    workbench.addStep('drop-duplicates')
    workbench.addStep('drop-empty')
    await settled()
    expect(state().report?.steps.map(({ counts }) => counts.dropped)).toEqual([1, 1])
    workbench.undo()
    await settled()
    expect(state().report?.trainRows).toBe(2)
    workbench.undo()
    await settled()
    expect(state().report?.trainRows).toBe(3)
    workbench.redo()
    await settled()
    expect(state().recipe.now.steps.map(({ step }) => step)).toEqual(['drop-duplicates'])
  })

  it('has unsaved steps until they are downloaded, used or taken back', async () => {
    const { workbench, state, settled } = await opened()
    const unsaved = () => hasUnsavedSteps(state())
    expect(unsaved()).toBe(false)
    workbench.addStep('drop-duplicates')
    expect(unsaved()).toBe(true)
    workbench.undo()
    expect(unsaved()).toBe(false)
    workbench.redo()
    const recipe = workbench.recipeFile()
    expect(unsaved()).toBe(false)
    workbench.addStep('drop-empty')
    await settled()
    expect(unsaved()).toBe(true)
    await workbench.cleaned()
    expect(unsaved()).toBe(false)
    workbench.addStep('sample')
    await workbench.openRecipe({ path: recipe.name, file: recipe })
    expect(unsaved()).toBe(false)
  })

  it('keeps its rows where a file cannot be read or a recipe is none', async () => {
    const { workbench, state } = await opened()
    const { report, files } = state()
    await workbench.add([dataFile('{')])
    expect(state().error).toEqual(saying('expected rows, got'))
    expect(state().files.map(({ id }) => id)).toEqual(files.map(({ id }) => id))
    await workbench.openRecipe(dataFile('{"tabtuneRecipe": 1, "steps": [{"step": "no such step"}]}'))
    expect(state().error).toEqual(saying('expected one of the steps'))
    expect(state().recipe.now.steps).toEqual([])
    await workbench.refresh()
    expect(state().report).toEqual(report)
  })

  it('waits with the steps while a setting cannot be used', async () => {
    const { workbench, state, settled } = await opened()
    workbench.addStep('clean-characters')
    await settled()
    workbench.setSetting(0, 'spaces', false)
    workbench.setSetting(0, 'spaces', 'perhaps')
    expect(state().stale).toBe(true)
    workbench.setSetting(0, 'spaces', true)
    await settled()
    expect(state().recipe.now.steps).toEqual([{ step: 'clean-characters', settings: {} }])
    // The three edits of one setting are one.
    expect(state().recipe.past).toHaveLength(2)
  })

  it('waits also if the setting came back by an undo', async () => {
    const host = new WorkbenchHost()
    const apply = vi.spyOn(host, 'apply')
    const { workbench, state, settled } = await opened(host)
    workbench.addStep('clean-characters')
    await settled()
    workbench.setSetting(0, 'spaces', 'perhaps')
    workbench.removeStep(0)
    await settled()
    apply.mockClear()
    workbench.undo()
    // Timers of the same length end in their order.
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(apply).not.toHaveBeenCalled()
    expect(state()).toMatchObject({ stale: true, error: undefined })
  })
})

it('cleaned rows are trained on, and the run keeps their recipe', async () => {
  const studio = await readyStudio()
  await studio.workbench.add([dataFile(`${rows}\n${rows}`)])
  studio.workbench.addStep('drop-duplicates')
  await until(() => !studio.workbench.store.getState().stale)
  expect(await studio.openCleaned()).toBe(true)
  await until(() => recipeOf(studio.data.store.getState()) !== undefined && studio.readiness.getState().obstacle === undefined)
  expect(studio.data.store.getState().report).toMatchObject({ name: 'rows.cleaned.jsonl', rows: 40 })
  const id = studio.start()
  const config = studio.runs.find(id ?? '')?.config
  expect(config?.recipe).toEqual({
    steps: [{ step: 'drop-duplicates', settings: {} }],
    files: [{ name: 'rows.jsonl' }],
    makers: { file: 40 },
  })
  expect(parseKeptRun('x', { run: { config, model: { name: 'm' } }, series: {} }).run.config.recipe).toEqual(config?.recipe)
  // Rows of another file were not made by this recipe. Until the run has begun, its own rows are loaded.
  await until(() => studio.runs.find(id ?? '')?.status === 'finished')
  await studio.openData(dataFile())
  expect(recipeOf(studio.data.store.getState())).toBeUndefined()
})

it('a run keeps how files are read and no answers, and its recipe says so where it is opened again', async () => {
  const { workbench, state, settled } = await opened()
  await workbench.readAs(state().files[0].id, { ...autoHow, encoding: 'windows-1252' })
  workbench.addDecided((recipe) => withLabels(recipe, 'completion', [{ row: '0'.repeat(32), answer: 'secret', by: 'person' }]))
  await settled()
  expect(await workbench.recipeFile().text()).toContain('secret')
  const recipe = (await workbench.cleaned())?.made
  expect(recipe).toMatchObject({ files: [{ name: 'rows.jsonl', read: { encoding: 'windows-1252' } }], steps: [{ digest: { count: 1 } }] })
  expect(JSON.stringify(recipe)).not.toContain('secret')
  const { report } = state()
  workbench.takeRecipeOf({ name: 'run', config: { method: 'lora', methodSettings: {}, training: defaultTraining(), recipe } })
  await until(() => state().error !== undefined)
  expect(state().error).toEqual(saying('what a person chose row by row is not kept with the run'))
  expect(state()).toMatchObject({ report, stale: true })
  // Further answers do not take the place of those that are missing.
  workbench.addDecided((recipe) => withLabels(recipe, 'completion', [{ row: '1'.repeat(32), by: 'person' }]))
  expect(state().recipe.now.steps.map(({ digest }) => digest?.count)).toEqual([1, undefined])
  workbench.undo()
  workbench.removeStep(0)
  await settled()
  expect(state().report).toMatchObject({ steps: [], trainRows: 3 })
})
