// Settings that change what a model computes. `FamilyFiles.computes` names those that the family's forward pass implements. A file that
// sets another one is refused, because ignoring the setting would silently give wrong numbers. Keys that are not listed here change
// nothing, or are read elsewhere.
// (transformers' configuration classes and modelling files; llama.cpp's llama-model.cpp, load_hparams, and gguf-py's constants.py)
import { UnsupportedError } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'
import { architectureOf, filesOf } from './families/registry'
import type { ModelConfig } from './model-file'
import { shown } from './shown'

type Json = Readonly<Record<string, unknown>>

interface Rule {
  /** The expected value, for the error. */
  expected: Phrase
  /** Whether TabTune computes what the value asks for. The value is neither undefined nor null. */
  accepts(value: unknown, config: ModelConfig): boolean
  advice?: Phrase
}

const isEven = (value: unknown) => typeof value === 'number' && value > 0 && value % 2 === 0
const isOff = (value: unknown) => value === false || value === 0
const off: Rule = { expected: say`false, 0 or nothing`, accepts: isOff }
const on: Rule = { expected: say`true or nothing`, accepts: (value) => value === true }
const factor: Rule = { expected: say`1 or nothing`, accepts: (value) => value === 1 || value === 0 }
const heads: Rule = {
  expected: say`the size of the heads`,
  accepts: (value, { headDim }) => value === headDim,
}
const scale: Rule = {
  expected: say`1 / √(size of the heads) or nothing`,
  accepts: (value, { headDim }) => isOff(value) || (typeof value === 'number' && Math.abs(value * Math.sqrt(headDim) - 1) < 1e-4),
}
const embeddings = say`This model makes embeddings or scores and writes no text. Choose a model that writes text.`

/** The kinds of layers that config.json lists: one known kind per layer, windows only if the family has them. */
const layerTypes: Rule = {
  expected: say`full_attention or sliding_attention for each layer`,
  accepts: (value, { family, layers }) =>
    Array.isArray(value) &&
    value.length === layers &&
    value.every((type) => type === 'full_attention' || (type === 'sliding_attention' && filesOf(family).windows)),
}

/** Of config.json. */
const hfRules: Readonly<Record<string, Rule>> = {
  use_bidirectional_attention: off,
  is_causal: on,
  add_cross_attention: off,
  attention_bias: off,
  layer_types: layerTypes,
  attn_logit_softcapping: off,
  final_logit_softcapping: off,
  query_pre_attn_scalar: off,
  attention_multiplier: scale,
  attention_chunk_size: off,
  attn_temperature_tuning: off,
  embedding_multiplier: factor,
  residual_multiplier: factor,
  logits_scaling: factor,
  logit_scale: factor,
  embedding_scale: factor,
  residual_scale: factor,
  scale_emb: factor,
  scale_depth: factor,
  clip_qkv: off,
  alibi: off,
  parallel_attn: off,
  use_parallel_residual: off,
  do_layer_norm_before: on,
  enable_bias: on,
  layer_norm_elementwise_affine: on,
  _remove_final_layer_norm: off,
  qk_layernorm: off,
  use_qk_norm: off,
  num_experts: off,
  num_local_experts: off,
  n_routed_experts: off,
  router_jitter_noise: off,
}

/** Of GGUF, under the architecture's name. */
const ggufRules: Readonly<Record<string, Rule>> = {
  expert_count: off,
  expert_used_count: off,
  expert_shared_count: off,
  expert_weights_scale: factor,
  expert_weights_norm: on,
  expert_gating_func: { expected: say`1 (softmax) or nothing`, accepts: (value) => value === 1 || value === 0 },
  expert_group_count: { expected: say`1 or nothing`, accepts: (value) => value === 1 || value === 0 },
  leading_dense_block_count: off,
  interleave_moe_layer_step: off,
  full_attention_interval: off,
  embedding_length_per_layer_input: off,
  n_deepstack_layers: off,
  use_parallel_residual: off,
  swin_norm: off,
  logit_scale: factor,
  embedding_scale: factor,
  residual_scale: factor,
  attn_logit_softcapping: off,
  final_logit_softcapping: off,
  router_logit_softcapping: off,
  pooling_type: { ...off, advice: embeddings },
  'classifier.output_labels': { expected: say`nothing`, accepts: () => false, advice: embeddings },
  'attention.sliding_window': off,
  'attention.causal': on,
  'attention.scale': scale,
  'attention.output_scale': factor,
  'attention.clamp_kqv': off,
  'attention.max_alibi_bias': off,
  'attention.temperature_length': off,
  'attention.temperature_scale': off,
  'attention.shared_kv_layers': off,
  'attention.q_lora_rank': off,
  'attention.kv_lora_rank': off,
  'attention.value_length': heads,
  'attention.key_length_swa': heads,
  'attention.value_length_swa': heads,
  'rope.dimension_count': {
    expected: say`the size of the heads`,
    accepts: (value, { headDim, ropeDim }) => value === (ropeDim ?? headDim) && isEven(value),
  },
  'rope.dimension_count_swa': heads,
  'rope.dimension_sections': { expected: say`nothing`, accepts: (value) => Array.from(value as ArrayLike<unknown>).every(isOff) },
  'rope.scaling.attn_factor': factor,
}

function refuseUnmet(where: string, rules: Readonly<Record<string, Rule>>, get: (key: string) => [string, unknown], config: ModelConfig) {
  const { computes } = filesOf(config.family)
  const problems: Phrase[] = []
  let advice: Phrase | undefined
  for (const [key, rule] of Object.entries(rules)) {
    const [name, value] = get(key)
    if (value === undefined || value === null || computes.includes(key) || rule.accepts(value, config)) continue
    problems.push(say`${name}: expected ${rule.expected}, got ${shown(value, 60)}`)
    advice ??= rule.advice
  }
  if (problems.length === 0) return
  throw new UnsupportedError(
    say`${where}: ${joined(problems, '; ')}. ${advice ?? say`TabTune does not compute this. Choose another model.`}`,
  )
}

/** Layers with a window may have their own rotary settings. These must not be scaled. */
function refuseScaledWindows(where: string, { rope_parameters: rope }: Json): void {
  const type = (rope as { sliding_attention?: Json } | null | undefined)?.sliding_attention?.rope_type ?? 'default'
  if (type !== 'default')
    throw new UnsupportedError(
      say`${where}: expected the rotary scaling default for sliding_attention, got ${String(type).slice(0, 40)}. Choose another model.`,
    )
}

/** @throws UnsupportedError naming every key of config.json that TabTune does not compute */
export function checkHfFormula(where: string, json: Json, config: ModelConfig): void {
  refuseUnmet(where, hfRules, (key) => [key, json[key]], config)
  refuseScaledWindows(where, json)
}

/** @throws UnsupportedError naming every GGUF key that TabTune does not compute */
export function checkGgufFormula(where: string, metadata: Json, config: ModelConfig): void {
  const architecture = architectureOf(config.family)
  refuseUnmet(where, ggufRules, (key) => [`${architecture}.${key}`, metadata[`${architecture}.${key}`]], config)
}
