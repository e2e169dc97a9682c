// What a person is told about a model and about the methods that can train it.
import type { Asked } from './asking'
import type { Field } from './field'
import type { Identity } from './identity'
import type { Phrase } from './phrase'
import type { BaseFormat, TrainingSettings } from './run-config'

/** `fingerprint` and `lineage` are there once the weights have been read. */
export interface ModelReport extends Partial<Identity> {
  /** Identifies the loaded model; each load makes a new one. */
  id: string
  name: string
  container: 'gguf' | 'safetensors'
  family: string
  parameters: number
  layers: number
  hidden: number
  heads: number
  kvHeads: number
  vocab: number
  context: number
  tied: boolean
  licence?: string
  /** Formats in the file, with number of tensors and bytes. */
  formats: { format: string; tensors: number; bytes: number }[]
  /** How the folder's weights were quantised before, and what is made of them. */
  quantised?: Phrase
  /** What of a larger model is not read. */
  leftOut?: Phrase
  /** Chat templates that are not used. */
  unusedTemplates?: Phrase
  /** The base precision, and the bytes that the base takes on the GPU. */
  base: BaseFormat
  gpuBytes: number
  fileBytes: number
  tokenizer: string
  /** The chat template, if there is one. */
  chatTemplate?: string
  /** How the base is asked if no data is loaded. */
  asked: Asked
  /** What a model that sorts pictures takes: their size in pixels, and its classes. Absent for text. */
  pictures?: { width: number; height: number; classes: readonly string[] }
  /** Linear sites that a method may target, as PEFT module names without numbers: q_proj, …. */
  linearModules: string[]
}

export interface MethodReport {
  name: string
  label: string
  summary: string
  /** Citations with their arXiv numbers, `; ` between them: `Hu et al. 2021, arXiv 2106.09685`. */
  paper: string
  fields: Field[]
  /** The method's own defaults for training settings. */
  training: Partial<TrainingSettings>
  /** How the starting learning rate follows the model's size, where it does. */
  rateWords?: Phrase
  /** Base precisions that the method is a preset for (QLoRA: nf4-dq); empty = any. */
  bases: BaseFormat[]
  /** Export formats beside PEFT: `gguf`. */
  exports: string[]
  /** Whether its adapters can be merged into the base's weights. */
  merges: boolean
  /** Number of virtual tokens that it puts before each row, with its default settings. */
  virtualTokens: number
  /** It trains vectors in the place of words, whose nearest words can be shown. */
  learnsContext: boolean
  /** Why the method does not work with the loaded model. */
  unavailable?: Phrase
}
