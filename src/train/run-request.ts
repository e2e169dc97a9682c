// What a run is about: a model, a method with its settings, and rows.
import type { Settings } from '../config/field'
import type { RecipeOfData } from '../config/recipe-of-data'
import type { TrainingSettings } from '../config/run-config'
import type { ReplayOfData } from '../config/recipe-of-data'
import type { RunRows } from '../data/run-rows'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter, Method } from '../peft/method'

/** What a run that would not fit does otherwise, without another result. */
export interface Fit {
  /** Rows on the GPU at once, fewer than a micro-batch has. */
  atOnce?: number
  /** The optimizer's states are in main memory, although its setting would leave them on the GPU. */
  paged?: boolean
  /** Bytes that the run may take together with the base. Layers are computed again as far as that needs. */
  roomBytes?: number
}

export interface RunRequest {
  model: LoadedModel
  method: Method
  settings: Settings
  training: TrainingSettings
  rows: RunRows
  /** How the rows were made, where a recipe made them. */
  recipe?: RecipeOfData
  /** Rows of earlier data among them. */
  replay?: ReplayOfData
  /** Values to start from; absent = a new adapter. */
  initial?: Adapter['tensors']
  /** How the run is made to fit into memory; absent = as its settings say. */
  fit?: Fit
  /** Values per page of paged optimizer states; for tests. */
  pageValues?: number
}
