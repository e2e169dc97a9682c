// The data workbench as the page sees it.
import type { Phrase } from '../config/phrase'
import { type FileReport, type Part, type Recipe, type RecipeReport, emptyRecipe } from '../config/recipe'
import type { ReadHow } from '../config/read-how'
import type { PickedFile } from '../worker/api'
import { type History, historyOf } from './history'

export interface BenchFile {
  id: string
  picked: PickedFile
  part: Part
  /** How the person wants it read; absent = that is guessed. */
  how?: ReadHow
  report?: FileReport
}

/** What the worker is doing. `taking`: the step at `step`. */
interface BenchWork {
  kind: 'reading' | 'taking' | 'writing'
  step?: number
  fraction?: number
}

export interface WorkbenchState {
  files: readonly BenchFile[]
  recipe: History<Recipe>
  /** The recipe that was last used, downloaded or opened. */
  saved: Recipe
  /** About the rows that the worker has. */
  report?: RecipeReport
  /** Files or steps have changed since the report. */
  stale: boolean
  work?: BenchWork
  error?: Phrase
  /** Counts how often the worker's rows changed. */
  version: number
}

export const startState = (): WorkbenchState => ({
  files: [],
  recipe: historyOf(emptyRecipe),
  saved: emptyRecipe,
  stale: false,
  version: 0,
})

/** Whether a person would lose steps or labels with the page. */
export const hasUnsavedSteps = ({ recipe, saved }: WorkbenchState): boolean => recipe.now.steps.length > 0 && recipe.now !== saved
