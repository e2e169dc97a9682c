// A run as the engines get it: rows as token ids, the order in which steps take them, settings, starting values. It has no paths and needs
// no GPU, so every engine writes its files from the same facts.
import type { Phrase } from '../../config/phrase'
import type { ModelOfRun, RunSummary } from '../../config/run-reports'
import type { RecipeOfData } from '../../config/recipe-of-data'
import type { Settings } from '../../config/field'
import type { TrainingSettings } from '../../config/run-config'
import type { Base, Method } from '../../peft/method'
import type { FolderFile } from '../../peft/model-folder'
import type { StreamedFile } from '../merge'

/** Text of a row that is trained, or that is only context. */
interface Segment {
  label: boolean
  text: string
}

/** A row as the run trains it, cut at its maximum length. */
export interface PreparedRow {
  ids: readonly number[]
  /** By position, as in transformers: the token itself where it is trained, or -100. The first one counts only after virtual tokens. */
  labels: readonly number[]
  /** The text of the ids, special tokens written out; absent without a tokenizer. */
  segments?: readonly Segment[]
}

/** Rows by their place in a file. */
export interface PreparedRows {
  count: number
  row(place: number): PreparedRow
}

/** A trained tensor, by its name in the adapter's file. */
interface TrainedTensor {
  name: string
  shape: readonly number[]
  /** Whether weight decay applies. */
  decay: boolean
  /** Factor of the learning rate (LoRA+). */
  rate: number
}

/** What a model of some size needs in memory, from the plan. */
export interface SizePlan {
  name: string
  parameters: number
  trainable: number
  /** Bytes of the weights as the engine holds them: 2 for each weight that is not trained. */
  weightsBytes: number
  /** Trained values, gradients and optimizer states in f32. */
  trainedBytes: number
  /** Activations of one micro-batch of the run's batch size and maximum length. */
  activationBytes: number
  /** Floating-point operations of one optimizer step in which every row has the maximum length. */
  flopsPerStep: number
}

export interface PreparedRun {
  method: Method
  settings: Settings
  training: TrainingSettings
  steps: number
  base: Base
  model: ModelOfRun
  /** The path of the base's Hugging Face folder as it was given; absent if the base is written into the folder. */
  basePath?: string
  /** The whole weights, if Python cannot read the base as it is, and why. */
  written?: { files: readonly StreamedFile[]; reason: Phrase }
  dataName: string
  /** The name of the held-out rows. */
  evaluationName: string
  train: PreparedRows
  /** The held-out rows that every evaluation takes, and how many there are in all. */
  evaluation: PreparedRows & { all: number }
  /** Places in `train` that each optimizer step takes, in order. */
  order: readonly (readonly number[])[]
  trained: readonly TrainedTensor[]
  /** The folder of the adapter before the first step. Its weights are left out if a method trains tensors of the base and starts from them. */
  start: readonly FolderFile[]
  /** Tensors of the base that are trained under their own names. */
  trainsBase: boolean
  recipe?: RecipeOfData
  /** run.json of a finished run, without what only training gives. */
  summary: RunSummary
  /** The loss of the first step where the run was trained, if it is known. */
  firstLoss?: number
  sizes: readonly SizePlan[]
}

/** Whether rows of single tokens are trained, beside or in place of whole tables. */
export const trainsTokens = ({ settings }: PreparedRun): boolean =>
  Boolean(settings.newTokens || settings.tokenIds || settings.headTokenIds)

/** The first expert or router that the run trains, by its module's name. */
export const trainedExpert = ({ base, trained }: PreparedRun): string | undefined =>
  [...base.named.keys()].find((module) => trained.some(({ name }) => name.includes(`.${module}.`)))
