// The data workbench as the page sees it.
import type { Phrase } from '../config/phrase'
import { type FileReport, type Part, type Recipe, type RecipeReport, emptyRecipe } from '../config/recipe'
import type { ReadHow } from '../config/read-how'
import type { PickedFile } from '../worker/api'
import { type History, historyOf } from './history'
import type { BenchFileAbout } from './kept-workbench'

export interface BenchFile {
  id: string
  picked: PickedFile
  part: Part
  /** How the person wants it read; absent = that is guessed. */
  how?: ReadHow
  report?: FileReport
}

/** A file that the workbench had when the page was closed. */
export interface WantedFile {
  id: string
  about: BenchFileAbout
  /** Absent while it is asked for. */
  picked?: PickedFile
  /** A file that was chosen for it, but has other bytes. */
  changed?: PickedFile
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
  /** Files of before that are asked for; the rows are read when all are there. */
  wanted?: readonly WantedFile[]
  /** The recipe that this browser keeps, so that it is there again after a reload. */
  keptRecipe?: Recipe
  /** Why this browser does not keep the workbench. */
  notKept?: Phrase
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
export const hasUnsavedSteps = ({ recipe: { now }, saved, keptRecipe }: WorkbenchState): boolean =>
  now.steps.length > 0 && now !== saved && now !== keptRecipe
