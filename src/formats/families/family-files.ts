// Everything there is to know about the files of a model family. What its model computes is in src/models/<family>.ts.
import type { ModelConfig } from '../model-file'

/** Sizes and names that every family's config.json has, under keys of its own. */
export type ConfigKey =
  'layers' | 'hidden' | 'intermediate' | 'heads' | 'kvHeads' | 'headDim' | 'vocab' | 'context' | 'normEpsilon' | 'hiddenAct'

/** A tensor's name in GGUF and in Hugging Face files, without `.weight` and `.bias`; {n} stands for the layer. */
export type TensorName = readonly [gguf: string, hf: string]

/** A number of the configuration as GGUF metadata has it, behind the name of the architecture. */
export type GgufKey = readonly [key: string, type: 'u32' | 'f32', field: keyof ModelConfig]

/** What transformers' configuration class assumes where config.json is silent. */
interface ConfigDefaults {
  /** Whether the head is the embedding. transformers says yes for every model; here only for files that do not say. */
  tied?: boolean
  context?: number
  epsilon?: number
  headDim?: number
  ropeTheta?: number
  intermediate?(hidden: number): number
}

export interface FamilyFiles {
  /** The family's name in TabTune, and `general.architecture` in GGUF. */
  name: string
  /** What people call it. */
  label: string

  /** `model_type` in config.json: the first is written, all are read. */
  modelTypes: readonly [string, ...string[]]
  /** The class with the head that writes text, in config.json's `architectures`. */
  architecture: string
  /** Keys of config.json, in the order in which they are written: the first of each is written, all are read. An empty list: the file has none. */
  configKeys: Readonly<Record<ConfigKey, readonly string[]>>
  defaults: ConfigDefaults
  /** The activation function of the feed-forward, by transformers' name. A file with another one is refused. */
  activation: string
  /** Whether positions are told by rotating queries and keys. */
  rotary: boolean
  /** Whether `layer_types` may name layers that see a window only. */
  windows: boolean
  /** Settings of formula-keys.ts (config.json's or GGUF's) that the family computes, or that its reference implementation ignores. */
  computes: readonly string[]

  tensors: readonly TensorName[]
  /** Tensors in Hugging Face files that are no weights: every model computes them anew. */
  buffers: RegExp
  /** Weights that Hugging Face files hold as [in, out] (transformers' Conv1D); PEFT's fan_in_fan_out. */
  transposed?: RegExp
  /** What the formula adds to the weights of norms. GGUF files hold the sum. */
  normOffset?: number
  /**
   * The number of heads by which GGUF files reorder the tensor's rows, so that rotary pairs are (2j, 2j + 1) instead of (j, j + D/2).
   * Absent, or undefined for a tensor: rows have the publisher's order.
   */
  permutedBy?(name: string): 'heads' | 'kvHeads' | undefined

  /** GGUF metadata that is written, in this order. */
  ggufKeys: readonly GgufKey[]
  /** Whether llama.cpp reads a tensor of factors for single rotary frequencies (rope_freqs.weight). */
  ggufRopeFactors?: boolean
  /**
   * Further numbers in GGUF metadata, for a model from a Hugging Face folder.
   * @throws UnsupportedError where llama.cpp would compute something else
   */
  ggufSettings?(config: ModelConfig): Readonly<Record<string, number>>
  /** Further settings in config.json, for a model from a GGUF file. */
  ownSettings?(config: ModelConfig): Readonly<Record<string, unknown>>
}

/** How the attention of a layer differs from plain softmax(q kᵀ / √D) v over everything before. */
export interface LayerAttention {
  scale?: number
  /** Number of keys that a query sees, its own included. */
  window?: number
  /** Scores s become cap · tanh(s / cap). */
  softCap?: number
}
