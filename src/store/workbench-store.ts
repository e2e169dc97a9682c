// The data workbench: files of rows, and a recipe that is taken again after each change. The newest change counts; the worker ends what
// an earlier one asked for.
import { createStore } from 'zustand/vanilla'
import type { Phrase } from '../config/phrase'
import { type Part, type Recipe, emptyRecipe } from '../config/recipe'
import { parseRecipe, recipeText } from '../recipe/parse'
import type { ReadHow } from '../config/read-how'
import type { PickedFile } from '../worker/api'
import type { WorkbenchApi } from '../worker/workbench-api'
import { phraseOf } from '../config/errors'
import { edited, redone, undone } from './history'
import type { Run } from './run'
import { createRecipeEditing } from './recipe-editing'
import { isUsable } from './recipe-edits'
import { createWorkbenchOut } from './workbench-out'
import { createTaking } from './workbench-taking'
import { createWanted } from './workbench-wanted'
import { type BenchFile, type WorkbenchState, startState } from './workbench-state'

export function createWorkbenchStore(bench: WorkbenchApi) {
  const store = createStore<WorkbenchState>(startState)
  const { refresh, refreshSoon, hold } = createTaking(bench, store)
  const wanted = createWanted(store, refresh)

  /** Takes the steps of a changed recipe, unless a setting of it cannot be used. */
  function changed(waitMs?: number): void {
    if (isUsable(store.getState().recipe.now)) refreshSoon(waitMs)
    else hold()
  }

  function edit(change: (recipe: Recipe) => Recipe, about?: string): void {
    store.setState(({ recipe }) => ({ recipe: edited(recipe, change(recipe.now), about), error: undefined }))
    changed(about === undefined ? 0 : undefined)
  }

  function go(to: typeof undone<Recipe>): void {
    store.setState(({ recipe }) => ({ recipe: to(recipe), error: undefined }))
    changed(0)
  }

  /** Takes the steps of a recipe's text. A text that is no recipe changes nothing. */
  function takeRecipe(where: string, text: string): void {
    try {
      const recipe = parseRecipe(where, text)
      edit(() => recipe)
      store.setState({ saved: recipe })
    } catch (error) {
      store.setState({ error: phraseOf(error) })
    }
  }

  function setFiles(change: (files: readonly BenchFile[]) => readonly BenchFile[]): Promise<void> {
    store.setState(({ files }) => ({ files: change(files) }))
    return refresh()
  }

  return {
    store,
    wanted,
    /** Adds files. One that cannot be read changes nothing. */
    add: (picked: readonly PickedFile[], part: Part = 'train'): Promise<void> =>
      store.getState().wanted
        ? wanted.take(picked, part)
        : setFiles((files) => [...files, ...picked.map((one): BenchFile => ({ id: crypto.randomUUID(), picked: one, part }))]),
    remove: (id: string): Promise<void> => setFiles((files) => files.filter((file) => file.id !== id)),
    setPart: (id: string, part: Part): Promise<void> =>
      setFiles((files) => files.map((file) => (file.id === id ? { ...file, part } : file))),
    /** Reads a file again, in another way. */
    readAs: (id: string, how: ReadHow): Promise<void> =>
      setFiles((files) => files.map((file) => (file.id === id ? { ...file, how } : file))),
    ...createRecipeEditing(edit),
    undo: (): void => go(undone),
    redo: (): void => go(redone),
    /** Takes the steps of a recipe file instead of the current ones. A file that is no recipe changes nothing. */
    async openRecipe({ file }: PickedFile): Promise<void> {
      takeRecipe(file.name, await file.text())
    },
    /** Takes the steps that the data of a run were made with. */
    takeRecipeOf: ({ name, config }: Pick<Run, 'name' | 'config'>): void => takeRecipe(name, recipeText(config.recipe ?? emptyRecipe)),
    /** The recipe as a file. */
    recipeFile(): File {
      const { now } = store.getState().recipe
      store.setState({ saved: now })
      return new File([recipeText(now)], 'recipe.json', { type: 'application/json' })
    },
    /** Takes the steps again after they were stopped. */
    refresh,
    cancel: (): Promise<void> => bench.cancel(),
    look: bench.look,
    ...createWorkbenchOut(bench, store),
    fail: (error: Phrase): void => store.setState({ error }),
    dismissError: (): void => store.setState({ error: undefined }),
  }
}
export type WorkbenchSlice = ReturnType<typeof createWorkbenchStore>
