// All facts about the files of a model family. Its forward pass is in src/models/<family>.ts.
import type { PictureTask } from '../../config/task'
import type { Phrase } from '../../config/phrase'
import type { ModelConfig } from '../model-file'

/** Sizes and names that every family's config.json has. Their keys differ between families. */
export type ConfigKey =
  'layers' | 'hidden' | 'intermediate' | 'heads' | 'kvHeads' | 'headDim' | 'vocab' | 'context' | 'normEpsilon' | 'hiddenAct'

/** A tensor's name in GGUF and in Hugging Face files, without `.weight` and `.bias`; {n} stands for the layer. */
export type TensorName = readonly [gguf: string, hf: string]

/** A number of the configuration in GGUF metadata, whose key follows the name of the architecture. */
export type GgufKey = readonly [key: string, type: 'u32' | 'f32', field: keyof ModelConfig]

/** Defaults of transformers' configuration class, for keys that config.json lacks. */
interface ConfigDefaults {
  /** Whether the head is the embedding, for files that do not say. transformers' own default is yes for every model. */
  tied?: boolean
  context?: number
  epsilon?: number
  headDim?: number
  ropeTheta?: number
  /** How many numbers of a head are rotated, for families with a `rotaryKey`. */
  rotaryDim?: number
  /** The rotary scaling of a config.json that names none. */
  ropeScaling?: Readonly<Record<string, unknown>>
  /** Sizes that files of some models leave to their class. */
  layers?: number
  hidden?: number
  heads?: number
  vocab?: number
  /** Key/value heads, for families in which absent does not mean as many as heads. */
  kvHeads?: number
  intermediate?(hidden: number): number
  /** Key/value heads that follow from other settings, whatever the key says. */
  kvHeadsOf?(json: Readonly<Record<string, unknown>>): number | undefined
}

/** The three matrices of an expert: y = down (activation(gate x) · up x). */
export type ExpertMatrix = 'gate' | 'up' | 'down'

/** A mixture of experts in place of a feed-forward. */
export interface Mixture {
  /** E */
  count: number
  /** How many of them each token goes to. */
  perToken: number
  /** Width of an expert's inner layer. */
  inner: number
  /** Whether the gates of a token's experts are made to add up to 1. */
  normalised: boolean
}

export interface ExpertFiles {
  /** The router's module in a block, the one that holds the experts by number, and the matrices in each of them. */
  router: string
  experts: string
  names: Readonly<Record<ExpertMatrix, string>>
  /** @throws FormatError for numbers that no model can have */
  mixture(config: ModelConfig): Mixture
  /** Whether a layer has experts; absent if all have. Other layers have a feed-forward. */
  in?(config: ModelConfig, layer: number): boolean
  /** Tensors [E, rows, columns] of a block that some files have instead of one matrix for each expert, and what their rows list. */
  joined: Readonly<Record<string, readonly ExpertMatrix[]>>
}

export interface FamilyFiles {
  /** The family's name in TabTune, and `general.architecture` in GGUF if `inGguf` does not name another. */
  name: string
  /** For a family that shares its architecture's name in GGUF with another one: that name, and whether a file with it is of this family. */
  inGguf?: { architecture: string; is(metadata: Readonly<Record<string, unknown>>): boolean }
  /** Its name for people. */
  label: string

  /** Absent: its models write text. */
  task?: PictureTask
  /** `model_type` in config.json. The first is written; all are read. */
  modelTypes: readonly [string, ...string[]]
  /** The class with the head, in config.json's `architectures`. */
  architecture: string
  /** Classes of larger models that have this model inside, with the `model_type` and the class that it has as a model of its own. */
  inside?: Readonly<Record<string, readonly [modelType: string, architecture: string]>>
  /** Keys of config.json, in the order in which they are written. The first of each list is written; all are read. An empty list: the file has no such key. */
  configKeys: Readonly<Record<ConfigKey, readonly string[]>>
  defaults: ConfigDefaults
  /** Those in which a `model_type` differs from the family's first. */
  defaultsOf?: Readonly<Record<string, ConfigDefaults>>
  /** The activation function of the feed-forward, by transformers' name. A file with another one is refused. */
  activation: string
  /** Other activation functions that the forward pass knows. The model's configuration names the one in use. */
  activations?: readonly string[]
  /** The share of a head's numbers that is rotated, for a file that does not say. Absent: the family rotates whole heads only. */
  partialRotary?: number
  /** The key of config.json that gives the number of rotated numbers itself. */
  rotaryKey?: string
  /** Whether positions are encoded by rotating queries and keys. */
  rotary: boolean
  /** Whether `layer_types` may name layers with a window. */
  windows: boolean
  /** Settings of formula-keys.ts (config.json's or GGUF's) that the family computes, or that its reference implementation ignores. */
  computes: readonly string[]

  tensors: readonly TensorName[]
  /** Parts of names by which other versions of transformers call the same modules, with the part that takes their place, in order. */
  otherNames?: readonly (readonly [RegExp, string])[]
  /** For families with experts; their tensors are named here, and not in `tensors`. */
  experts?: ExpertFiles
  /** Tensors in Hugging Face files that are not weights. Every model computes them itself. */
  buffers: RegExp
  /** Weights that Hugging Face files store as [in, out] (transformers' Conv1D); PEFT's fan_in_fan_out. */
  transposed?: RegExp
  /** The number that the formula adds to the weights of norms. GGUF files store the sum. */
  normOffset?: number
  /**
   * The number of heads for tensors whose rows GGUF files reorder so that rotary pairs are (2j, 2j + 1) instead of (j, j + D/2).
   * Absent, or undefined for a tensor: its rows have the publisher's order.
   */
  permutedBy?(name: string): 'heads' | 'kvHeads' | undefined

  /** Tensors whose rows are the queries of a key, the key and its value, group by group, in Hugging Face files, and all queries first in GGUF files. */
  joinedByGroup?(name: string): boolean
  /** Names in GGUF of tensors that the family may have and llama.cpp does not read; it refuses a file with one. */
  ggufLacks?: RegExp
  /** Why llama.cpp cannot read the family; absent if it can. */
  noGguf?: Phrase
  /** Why mlx-lm cannot read an adapter for the family; absent if it can. */
  noMlx?: Phrase
  /** PEFT has LLaMA-Adapter for the family (peft tuners/adaption_prompt/config.py). */
  peftAdaption?: true
  /** GGUF metadata that is written, in order. */
  ggufKeys: readonly GgufKey[]
  /** Whether llama.cpp reads a tensor of factors for single rotary frequencies (rope_freqs.weight). */
  ggufRopeFactors?: boolean
  /** llama.cpp opens a model with `name` in its name only if its vocabulary has `tokens`; `instead`: what stands for it otherwise. */
  ggufName?: { readonly name: RegExp; readonly instead: string; readonly tokens: readonly string[] }
  /** Whether it reads the two lists of LongRoPE (rope_factors_short.weight, rope_factors_long.weight). */
  ggufLongRope?: boolean
  /**
   * Further numbers and switches in GGUF metadata, for a model from a Hugging Face folder.
   * @throws UnsupportedError if llama.cpp would compute something else
   */
  ggufSettings?(config: ModelConfig): Readonly<Record<string, number | boolean>>
  /** Further settings in config.json, for a model from a GGUF file. */
  ownSettings?(config: ModelConfig): Readonly<Record<string, unknown>>
}

/** How the attention of a layer differs from plain softmax(q kᵀ / √D) v over everything before. */
export interface LayerAttention {
  scale?: number
  /** Number of keys that a query sees, including its own. */
  window?: number
  /** Scores s become cap · tanh(s / cap). */
  softCap?: number
  /** Whether every query sees all keys, also those behind its own. The context's ranges must say so too. */
  whole?: boolean
}
