// What the page asks of the worker that holds the rows of the workbench. Plain data both ways; errors travel as values.
import type { FileReport, LabelQuery, Part, RecipeReport, RecipeStep, RewriteQuery, RowQuery } from '../config/recipe'
import type { Phrase } from '../config/phrase'
import type { ReadHow } from '../config/read-how'
import type { ReplayOfData } from '../config/recipe-of-data'
import type { RowPage } from '../recipe/look'
import type { RowSample } from '../recipe/row-sample'
import type { RowToLabel } from '../recipe/to-label'
import type { Result } from './api'

export interface WorkFile {
  /** Another reading of the same file has another id. */
  id: string
  file: File
  part: Part
  /** How it is read; absent = that is guessed. */
  how?: ReadHow
}

export interface MixFiles {
  fresh: File
  /** Held-out rows; absent = a share of the new rows is held out. */
  evaluation?: File
  old: File
  oldEvaluation?: File
}

export interface MixHow {
  share: number
  holdOut: number
  seed: number
  how?: ReadHow
}

export interface MixedRows {
  train: File
  evaluation?: File
  replay: ReplayOfData
  notes: Phrase[]
}

/** Every call returns a Result; no call throws. */
export interface WorkbenchApi {
  /** Holds these files, and reads those that are new. If one cannot be read, nothing changes. */
  open(files: readonly WorkFile[], onProgress: (fraction: number) => void): Promise<Result<FileReport[]>>
  /** Takes these steps on the rows of the files; `onProgress` gets the place of the current step. If a step fails, nothing changes. */
  apply(steps: readonly RecipeStep[], onProgress: (step: number, fraction: number) => void): Promise<Result<RecipeReport>>
  /** Rows `from` … `from + count` of those that fit the query. */
  look(query: RowQuery, from: number, count: number): Promise<Result<RowPage>>
  /** The first `count` rows to label after the first `from`. */
  toLabel(query: LabelQuery, from: number, count: number): Promise<Result<{ total: number; rows: RowToLabel[] }>>
  /** Of the rows with prompts to rewrite, `count` after the first `from`. */
  toRewrite(query: RewriteQuery, from: number, count: number): Promise<Result<{ total: number; rows: RowToLabel[] }>>
  /** `count` of the rows that the seed chooses: as a table, and as JSONL with a line for each. */
  sample(count: number, seed: number): Promise<Result<RowSample & { file: Blob }>>
  /** The rows of a part as JSONL, packed by gzip if `zipped`. */
  cleaned(part: Part, zipped: boolean): Promise<Result<Blob>>
  /** New rows with a share of old ones among those for training, as files. What is held here does not change. */
  mixed(files: MixFiles, how: MixHow): Promise<Result<MixedRows>>
  /** Ends `open` and `apply`, which then return an error of the kind Cancelled. */
  cancel(): Promise<void>
}
