// What a model's files turn into, whatever their format: metadata and named tensors, in the
// publisher's Hugging Face names and row order (GGUF readers rename and un-permute).
import type { Asking } from '../config/asking'
import type { GgufHeader } from './gguf'
import type { WeightFormatId } from './quant/format-id'
import type { ByteSource } from './source'

/** One tensor as it lies in a file. */
export interface TensorEntry {
  /** Hugging Face name, e.g. `model.layers.0.self_attn.q_proj.weight`. */
  name: string
  /** Hugging Face order: [rows, cols] for a matrix (out × in), [n] for a vector. */
  shape: readonly number[]
  /** How the values are stored. */
  format: WeightFormatId
  /** Bytes in the file. */
  sizeBytes: number
  /**
   * Rows [rowStart, rowStart + rowCount) as they are stored (a vector is one row), in Hugging Face row order.
   * Small pieces: callers ask for at most 16 MiB at a time.
   */
  readRows(rowStart: number, rowCount: number): Promise<Uint8Array<ArrayBuffer>>
}

/** What config.json or GGUF metadata say, in one vocabulary. Absent = unknown. */
export interface ModelConfig {
  /** Its family's name in the registries (formats/families, models). */
  family: string
  layers: number
  /** C */
  hidden: number
  /** Width of the feed-forward's inner layer. */
  intermediate: number
  /** H */
  heads: number
  /** K, key/value heads */
  kvHeads: number
  /** D */
  headDim: number
  /** V, rows of the embedding. */
  vocab: number
  /** Longest sequence the model was made for. */
  context: number
  normEpsilon: number
  ropeTheta: number
  /** Factors by which each of the D/2 rotary frequencies is divided, where the file scales them; else undefined. */
  ropeFactors?: readonly number[]
  tied: boolean
  hiddenAct: string
  /** Everything else the family's own file may want (raw config.json, or GGUF metadata without the vocabulary). */
  raw: Readonly<Record<string, unknown>>
}

/** Raw material for a tokenizer; src/tokenizer makes one from it. */
export type TokenizerSource =
  | { kind: 'hf'; tokenizerJson: Record<string, unknown>; tokenizerConfig: Record<string, unknown>; chatTemplate?: string }
  | { kind: 'gguf'; metadata: Readonly<Record<string, unknown>> }

export interface ModelFile {
  container: 'gguf' | 'safetensors'
  /** Name for people: general.name, folder or file name. */
  name: string
  licence?: string
  config: ModelConfig
  tensors: ReadonlyMap<string, TensorEntry>
  tokenizer?: TokenizerSource
  /** How a whole model of ours was asked in training. */
  asking?: Asking
  /** Special ids as the files say, absent where they do not. */
  special: { bos?: number; eos?: readonly number[]; pad?: number }
  /** Hugging Face: config.json and the files of tokenizer and generation as they are, to go along with new weights. */
  companions?: readonly ByteSource[]
  /** GGUF: the file itself, for one of the same metadata with new weights. */
  gguf?: { source: ByteSource; header: GgufHeader }
  /** Sum of all tensor bytes in the files. */
  sizeBytes: number
}
