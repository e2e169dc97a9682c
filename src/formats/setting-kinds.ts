// The kinds of values that settings of a model's files may have: a window is a whole number, a switch is true or false. The check comes
// first when a file is opened, so all code behind it may rely on the types. Families read the values (families/setting.ts), and
// formula-keys.ts refuses those that ask for another formula.
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { isObject } from './json-check'
import { shown } from './shown'

type Json = Readonly<Record<string, unknown>>

interface Kind {
  /** For the error. */
  expected: Phrase
  /** The value is neither undefined nor null, which mean that the setting is absent. */
  accepts(value: unknown): boolean
}

/** A positive number with which the f32 of the kernels can be multiplied and divided. */
export const isPositive = (value: unknown): value is number => typeof value === 'number' && value >= 1e-30 && value <= 1e30
export const aPositive = say`a positive number (1e-30 to 1e30)`

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31
const isList = (value: unknown): boolean => Array.isArray(value) || ArrayBuffer.isView(value)

const count: Kind = { expected: say`a whole number from 1`, accepts: (value) => isWhole(value) && value > 0 }
const whole: Kind = { expected: say`a whole number from 0`, accepts: isWhole }
const positive: Kind = { expected: aPositive, accepts: isPositive }
const positiveOrOff: Kind = { expected: say`0 or ${aPositive}`, accepts: (value) => value === 0 || value === false || isPositive(value) }
const share: Kind = { expected: say`a number above 0, and at most 1`, accepts: (value) => isPositive(value) && value <= 1 }
const flag: Kind = { expected: say`true or false`, accepts: (value) => typeof value === 'boolean' }
const object: Kind = { expected: say`an object`, accepts: isObject }
const list: Kind = { expected: say`a list`, accepts: isList }
const text: Kind = { expected: say`text`, accepts: (value) => typeof value === 'string' }
const pattern: Kind = { expected: say`a whole number from 0, or letters`, accepts: (value) => isWhole(value) || typeof value === 'string' }
const windows: Kind = { expected: say`a whole number from 0, or a list`, accepts: (value) => isWhole(value) || isList(value) }

/** Of config.json's part about the language model. */
const hfKinds: Readonly<Record<string, Kind>> = {
  rope_theta: positive,
  rotary_emb_base: positive,
  rotary_dim: count,
  partial_rotary_factor: share,
  rotary_pct: share,
  rope_pct: share,
  rope_local_base_freq: positive,
  original_max_position_embeddings: count,
  rope_scaling: object,
  rope_parameters: object,
  sliding_window: whole,
  sliding_window_pattern: pattern,
  max_window_layers: whole,
  use_sliding_window: flag,
  layer_types: list,
  no_rope_layers: list,
  no_rope_layer_interval: whole,
  tie_word_embeddings: flag,
  attention_bias: flag,
  attention_out_bias: flag,
  mlp_bias: flag,
  use_bias: flag,
  use_qkv_bias: flag,
  qkv_bias: flag,
  use_parallel_residual: flag,
  bias: flag,
  alibi: flag,
  multi_query: flag,
  new_decoder_architecture: flag,
  parallel_attn: flag,
  qk_layernorm: flag,
  num_ln_in_parallel_attn: count,
  scale_attn_weights: flag,
  scale_attn_by_inverse_layer_idx: flag,
  query_pre_attn_scalar: positiveOrOff,
  attn_logit_softcapping: positiveOrOff,
  final_logit_softcapping: positiveOrOff,
  attention_multiplier: positiveOrOff,
  embedding_multiplier: positiveOrOff,
  residual_multiplier: positiveOrOff,
  logits_scaling: positiveOrOff,
  logit_scale: positiveOrOff,
}

/** Of `rope_scaling` and `rope_parameters`, and of the parameters that these list for a kind of layer. Numbers of a scaling: rope-factors.ts. */
const ropeKinds: Readonly<Record<string, Kind>> = {
  rope_theta: positive,
  partial_rotary_factor: share,
  rope_type: text,
  type: text,
  truncate: flag,
  llama_4_scaling_beta: positiveOrOff,
  full_attention: object,
  sliding_attention: object,
}

/** Of GGUF metadata, under the architecture's name. Sizes: config-check.ts. */
const ggufKinds: Readonly<Record<string, Kind>> = {
  use_parallel_residual: flag,
  'attention.sliding_window': whole,
  'attention.sliding_window_pattern': windows,
  'rope.freq_base_swa': positive,
  'rope.dimension_count': whole,
  'rope.scaling.type': text,
  'rope.scaling.original_context_length': whole,
  'rope.scaling.attn_factor': positiveOrOff,
  attn_logit_softcapping: positiveOrOff,
  final_logit_softcapping: positiveOrOff,
  logit_scale: positiveOrOff,
  embedding_scale: positiveOrOff,
  residual_scale: positiveOrOff,
  'attention.scale': positiveOrOff,
}

/** The error for a setting with a value that it cannot have. */
export const oddSetting = (where: string, key: string, expected: Phrase, got: unknown): FormatError =>
  new FormatError(
    say`${where}, ${key}: expected ${expected}, got ${shown(got)}. Compare the file with its publisher's, or choose another model.`,
  )

function checkKinds(where: string, json: Json, kinds: Readonly<Record<string, Kind>>, before = ''): void {
  for (const [key, kind] of Object.entries(kinds)) {
    const value = json[before + key]
    if (value !== undefined && value !== null && !kind.accepts(value)) throw oddSetting(where, before + key, kind.expected, value)
  }
}

/** @throws FormatError for a setting of config.json with a value of another kind */
export function checkHfKinds(where: string, json: Json): void {
  checkKinds(where, json, hfKinds)
  for (const key of ['rope_scaling', 'rope_parameters']) {
    const rope = json[key] as Json | null | undefined
    if (!rope) continue
    checkKinds(`${where}, ${key}`, rope, ropeKinds)
    for (const layers of ['full_attention', 'sliding_attention'])
      if (rope[layers]) checkKinds(`${where}, ${key}, ${layers}`, rope[layers] as Json, ropeKinds)
  }
}

/** @throws FormatError for a setting of GGUF metadata with a value of another kind */
export const checkGgufKinds = (where: string, metadata: Json, architecture: string): void =>
  checkKinds(where, metadata, ggufKinds, `${architecture}.`)
