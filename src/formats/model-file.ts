// What readers make of a model's files in any format: metadata and named tensors, with the
// publisher's Hugging Face names and row order (GGUF readers rename and un-permute).
import type { Asking } from '../config/asking'
import type { Phrase } from '../config/phrase'
import type { GgufHeader } from './gguf'
import type { WeightFormatId } from './quant/format-id'
import type { ByteSource } from './source'

/** One tensor of a file. */
export interface TensorEntry {
  /** Hugging Face name, e.g. `model.layers.0.self_attn.q_proj.weight`. */
  name: string
  /** Hugging Face order: [rows, cols] for a matrix (out × in), [n] for a vector. */
  shape: readonly number[]
  /** How the values are stored. */
  format: WeightFormatId
  /** What the base precision `native` holds them in, if no reader reads `format` in place as it is stored. */
  native?: WeightFormatId
  /** The name of the layout in the file, if it is not `format`: `GPTQ`. */
  stored?: string
  /** Bytes in the file. */
  sizeBytes: number
  /**
   * Rows [rowStart, rowStart + rowCount) as stored (a vector is one row), in Hugging Face row order.
   * Callers ask for at most 16 MiB at a time.
   */
  readRows(rowStart: number, rowCount: number): Promise<Uint8Array<ArrayBuffer>>
}

/** A tensor as a matrix: a vector is one row, and what has more dimensions (a patch projection) has them as columns. */
export function rowsAndCols(shape: readonly number[]): [rows: number, cols: number] {
  const [rows, ...rest] = shape.length > 1 ? shape : [1, ...shape]
  return [rows!, rest.reduce((a, b) => a * b, 1)]
}

/** A rotary scaling that does more than divide frequencies (YaRN, LongRoPE, dynamic NTK). */
export interface RopeScaling {
  /** Cosines and sines are multiplied by this number; absent: 1. */
  scale?: number
  /** Other factors for a run with more than `beyond` positions. */
  long?: { beyond: number; factors: readonly number[] }
  /** The base of the frequencies grows by this factor with each multiple of the context that a run has beyond the first. */
  dynamic?: number
  /** `rope_scaling` of config.json. */
  settings: Readonly<Record<string, unknown>>
}

/** The configuration from config.json or GGUF metadata, with the same names for both. Absent = unknown. */
export interface ModelConfig {
  /** The family's name in the registries (formats/families, models). */
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
  /** Longest sequence that the model was made for. */
  context: number
  normEpsilon: number
  ropeTheta: number
  /** How many of the D numbers of a head are rotated, the first ones; undefined if all are. */
  ropeDim?: number
  /** Factors by which each of the rotary frequencies is divided; undefined if the file does not scale them. */
  ropeFactors?: readonly number[]
  /** A scaling that does more than divide frequencies. */
  rope?: RopeScaling
  tied: boolean
  hiddenAct: string
  /** Of a model that sees pictures. Its `context` is the number of a picture's positions; without `text`, its `vocab` is that of its classes. */
  vision?: VisionConfig
  /** Of a model that compares pictures with texts: the tower that reads. The other numbers here, except `vocab`, are of the one that sees. */
  text?: TextConfig
  /** All other settings, for the family's own file (raw config.json, or GGUF metadata without the vocabulary). */
  raw: Readonly<Record<string, unknown>>
}

/** The numbers of one tower. */
export type TowerConfig = Pick<
  ModelConfig,
  'layers' | 'hidden' | 'intermediate' | 'heads' | 'kvHeads' | 'headDim' | 'normEpsilon' | 'hiddenAct'
>

/** The tower that reads texts, beside one that sees. */
export interface TextConfig extends TowerConfig {
  vocab: number
  /** Longest text, with its first and its last token. */
  context: number
  /** P, width of the features of texts and pictures. */
  projection: number
  /** Ids in front of and behind each text. */
  bos: number
  eos: number
  /** Features are those of a text's highest id, instead of its first `eos`. */
  highestEnds?: boolean
  /** The classes that pictures are sorted into; absent until someone names them. */
  classes?: ClassTexts
}

/** Classes as texts. */
export interface ClassTexts {
  /** The token ids of each name, as they stand in the middle of a text. */
  ids: readonly (readonly number[])[]
  /** Whether the names are given as ids, so that they mean nothing to a tokenizer. */
  given: boolean
  /** The ids of what closes a text. */
  closing: readonly number[]
  /** What each class's name is put into: a text with `{}`. */
  templates: readonly string[]
  /** The ids of the texts, with the first and the last token: all classes in the first template, then in the next. */
  rows: readonly (readonly number[])[]
}

/** What a model sees and says of a picture. */
export interface VisionConfig {
  channels: number
  /** Pixels. */
  height: number
  width: number
  /** Pixels of a patch, which is a square. */
  patch: number
  /** Names in the order of the label numbers. */
  classes: readonly string[]
}

/** The files or metadata that src/tokenizer makes a tokenizer from. */
export type TokenizerSource =
  | {
      kind: 'hf'
      tokenizerJson: Record<string, unknown>
      tokenizerConfig: Record<string, unknown>
      /** chat_template.jinja */
      chatTemplate?: string
      /** additional_chat_templates/*.jinja by their names */
      moreTemplates?: Readonly<Record<string, string>>
    }
  | { kind: 'gguf'; metadata: Readonly<Record<string, unknown>> }

export interface ModelFile {
  container: 'gguf' | 'safetensors'
  /** Name for people: general.name, or the name of the folder or file. */
  name: string
  licence?: string
  config: ModelConfig
  tensors: ReadonlyMap<string, TensorEntry>
  tokenizer?: TokenizerSource
  /** How a whole model that TabTune trained was asked in training. */
  asking?: Asking
  /** Special ids from the files; absent if the files do not say. */
  special: { bos?: number; eos?: readonly number[]; pad?: number }
  /** Hugging Face: config.json and the files of tokenizer and generation, unchanged, for writing them with new weights. */
  companions?: readonly ByteSource[]
  /** GGUF: the file itself, or the first part of it, for writing its metadata with new weights. */
  gguf?: { source: ByteSource; header: GgufHeader }
  /** How the folder's weights were quantised before, and what is made of them. */
  quantised?: Phrase
  /** What of a larger model is not read. */
  leftOut?: Phrase
  /** Sum of all tensor bytes in the files. */
  sizeBytes: number
}
