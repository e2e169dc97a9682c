// The dataset as the engine read it, and the progress while it is being read.
import type { Phrase } from '../config/phrase'
import type { ReadHow } from '../config/read-how'
import type { RecipeOfData, ReplayOfData } from '../config/recipe-of-data'
import type { DataOptions, DataReport, ExamplePreview, MappedRows, PickedFile, Progress } from '../worker/api'

/** A file to read, and how to read it. */
export interface Reading {
  file: PickedFile
  evalFile?: PickedFile
  options: DataOptions
}

export interface FailedReading extends Reading {
  reason: Phrase
  /** The first rows, if the columns were not understood, so that a person can choose them. */
  unmapped?: MappedRows
  /** It is a set of pictures. */
  pictures?: boolean
}

/** What a file was mixed from. */
export interface MixOfData {
  file: PickedFile
  fresh: PickedFile
  evaluation?: PickedFile
  /** How the new rows are read. */
  how?: ReadHow
  replay: ReplayOfData
  /** Held-out rows of the earlier data. */
  oldEvaluation?: PickedFile
}

export interface DataState {
  file?: PickedFile
  evalFile?: PickedFile
  /** How the workbench made a file. */
  made?: { file: PickedFile; recipe: RecipeOfData }
  /** The new rows alone, where old ones were mixed into a file. */
  mix?: MixOfData
  options: DataOptions
  /** The length that rows are shown at: that of the run being set up. */
  maxLength: number
  /** How many unusable lines the person has agreed to leave out. The page asks again if a length makes more lines unusable. */
  acceptedProblems: number
  /** The sets of unknown characters that the person has accepted. The page asks about every other set. */
  acceptedUnknown: readonly string[]
  loading: boolean
  progress?: Progress
  report?: DataReport
  /** Examples from row `previewFrom` on. */
  preview: ExamplePreview[]
  previewFrom: number
  /** The last reading, where it failed. */
  failed?: FailedReading
  /** Why examples cannot be shown. */
  error?: Phrase
}

/** How a reading ended. */
export type ReadEnd = { ok: true } | { ok: false; reason: Phrase }

export const unknownText = ({ unknown }: DataReport): string => `${unknown?.count} ${unknown?.characters.join('')}`

/** Whether the person still has to decide about lines that cannot be used. */
export function problemsUndecided({ acceptedProblems }: DataState, report: DataReport): boolean {
  return report.problemCount > acceptedProblems
}

/** Whether the person still has to decide about characters that the vocabulary cannot write. */
export function unknownUndecided({ acceptedUnknown }: DataState, report: DataReport): boolean {
  return report.unknown !== undefined && !acceptedUnknown.includes(unknownText(report))
}

/** How the data were made, if they are from the workbench. */
export const recipeOf = ({ file, made }: DataState): RecipeOfData | undefined => (made?.file === file ? made?.recipe : undefined)

/** The old rows among the data, if any were mixed in. */
export const replayOf = ({ file, mix }: DataState): ReplayOfData | undefined => (mix?.file === file ? mix?.replay : undefined)

/** Held-out rows of earlier data, which are measured before and after a run. */
export const oldEvaluationOf = ({ file, mix }: DataState): PickedFile | undefined => (mix?.file === file ? mix?.oldEvaluation : undefined)
