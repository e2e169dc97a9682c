// How files of rows became a dataset, as plain data: it is kept with a run, shared as a file, and gives the same bytes everywhere.
import { recordOf } from './exact-json'
import type { Settings } from './field'
import type { Phrase } from './phrase'
import type { ReadHow } from './read-how'

/** One step: its name in the registry of steps, and the settings that differ from their defaults. */
export interface RecipeStep {
  step: string
  settings: Settings
  /** What the step needs beside its settings, as plain data; `RowStep.data` says what that is. */
  data?: unknown
  /** Of `data` that are left out: what travels with a run holds no answers. */
  digest?: DataDigest
}

/** How many items the data of a step have, and the SHA-256 of their JSON text on one line. */
interface DataDigest {
  count: number
  sha256: string
}

/** From plain data; undefined if it is none. */
export function digestFrom(value: unknown): DataDigest | undefined {
  const { count, sha256 } = recordOf(value) ?? {}
  return typeof count === 'number' && typeof sha256 === 'string' ? { count, sha256 } : undefined
}

export interface Recipe {
  steps: readonly RecipeStep[]
  /** The licence of the rows, as their files or a person say; absent = not stated. */
  licence?: string
}

export const emptyRecipe: Recipe = { steps: [] }

/** Who made a row, or its answer. Rows of the last three are generated: they are never used for evaluation. */
export const makers = ['file', 'person', 'model', 'template', 'grammar'] as const
export type Maker = (typeof makers)[number]

/** Where a row is from. */
export interface Origin {
  by: Maker
  /** The file that it was read from, and its line. */
  file?: string
  line?: number
  /** The model, the template or the grammar. */
  name?: string
  /** A person has looked at it. */
  seen?: boolean
}

/** The column of a cleaned file that says where a row is from. */
export const originColumn = '_origin'

/** The origin in a column of that name; undefined if it is something else. */
export function originFrom(value: unknown): Origin | undefined {
  const { by, file, line, name, seen } = recordOf(value) ?? {}
  const maker = makers.find((each) => each === by)
  if (!maker) return undefined
  return {
    by: maker,
    ...(typeof file === 'string' && { file }),
    ...(typeof line === 'number' && { line }),
    ...(typeof name === 'string' && { name }),
    ...(seen === true && { seen }),
  }
}

/** Whether no file and no person made the row. */
export const isGenerated = ({ by }: Origin): boolean => by !== 'file' && by !== 'person'

export const parts = ['train', 'evaluation'] as const
export type Part = (typeof parts)[number]

/** What a step did to a row. `moved`: to the other part. */
export const changeKinds = ['dropped', 'edited', 'added', 'moved'] as const
export type ChangeKind = (typeof changeKinds)[number]

/** A row that a step changed, as JSON text (at most 2,000 characters): before, after, or both. */
export interface ShownChange {
  kind: ChangeKind
  origin: Origin
  before?: string
  after?: string
  why?: Phrase
}

export interface StepReport extends RecipeStep {
  rowsBefore: number
  rowsAfter: number
  counts: Record<ChangeKind, number>
  /** The first changes. */
  changes: readonly ShownChange[]
  /** What else a person should know. */
  notes: readonly Phrase[]
}

/** A file as it was read. */
export interface FileReport {
  name: string
  rows: number
  /** Lines that are not rows: the first 100, and the number of all. */
  problems: readonly { line: number; reason: Phrase }[]
  problemCount: number
  /** How it was read, where that was guessed or chosen. */
  notes: readonly Phrase[]
  /** What was chosen, and not guessed, about how it is read; absent = nothing. */
  read?: Partial<ReadHow>
}

export interface RecipeReport {
  files: readonly FileReport[]
  steps: readonly StepReport[]
  trainRows: number
  evaluationRows: number
  /** Rows by their maker. */
  makers: Partial<Record<Maker, number>>
}

/** Which rows are to be labelled: those without an answer in the column, or all. */
export interface LabelQuery {
  column: string
  all: boolean
}

/** Rows whose prompts a model rewrites: those that contain the words, at most `rows` of them, chosen by the seed. */
export interface RewriteQuery {
  words: string
  rows: number
  seed: number
  /** Keys of rows that are left out. */
  without: readonly string[]
}

/** What to look for among rows: words in any column, a part, a maker. */
export interface RowQuery {
  text: string
  part?: Part
  by?: Maker
}
