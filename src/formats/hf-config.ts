// config.json of Hugging Face transformers → ModelConfig, with transformers' own defaults.
import { UnsupportedError } from '../config/errors'
import { checkConfig } from './config-check'
import type { ModelConfig } from './model-file'
import { ropeFactors } from './rope-factors'

type Json = Readonly<Record<string, unknown>>

/** Other names of the same thing, GPT-2's among them. */
const names = {
  layers: ['num_hidden_layers', 'n_layer'],
  hidden: ['hidden_size', 'n_embd'],
  intermediate: ['intermediate_size', 'n_inner'],
  heads: ['num_attention_heads', 'n_head'],
  kvHeads: ['num_key_value_heads'],
  headDim: ['head_dim'],
  vocab: ['vocab_size'],
  context: ['max_position_embeddings', 'n_positions'],
  normEpsilon: ['rms_norm_eps', 'layer_norm_epsilon', 'layer_norm_eps'],
  hiddenAct: ['hidden_act', 'hidden_activation', 'activation_function'],
} as const

/** Where transformers' classes differ from the usual: PretrainedConfig ties embeddings unless the family says otherwise. */
const tiedByDefault = new Set(['gemma', 'gemma2', 'gemma3', 'gemma3_text', 'gpt2'])
const contextByDefault: Readonly<Record<string, number>> = {
  qwen2: 32_768,
  qwen3: 32_768,
  gemma: 8192,
  gemma2: 8192,
  gemma3_text: 131_072,
  gpt2: 1024,
}
const epsilonByDefault: Readonly<Record<string, number>> = { gpt2: 1e-5 }

function first(json: Json, keys: readonly string[]): unknown {
  for (const key of keys) if (json[key] !== undefined && json[key] !== null) return json[key]
  return undefined
}

/** Settings of the rotary embedding: transformers 5 writes them into `rope_parameters`, before that they stood apart. */
function rotary(where: string, json: Json, headDim: number) {
  const parameters = (json.rope_parameters ?? json.rope_scaling) as Json | null | undefined
  const theta = Number(first({ ...json, ...(typeof parameters?.rope_theta === 'number' ? parameters : {}) }, ['rope_theta']) ?? 10_000)
  const partial = first({ ...json, ...parameters }, ['partial_rotary_factor']) ?? 1
  if (partial !== 1)
    throw new UnsupportedError(
      `${where}: expected rotary embeddings over the whole head, got partial_rotary_factor ${String(partial)}. Choose another model.`,
    )
  return { ropeTheta: theta, ropeFactors: headDim > 0 && headDim % 2 === 0 ? ropeFactors(where, parameters, theta, headDim) : undefined }
}

/** @throws FormatError naming the keys that are missing; UnsupportedError for scalings that are not served */
export function hfConfig(where: string, json: Json): ModelConfig {
  // Models with pictures keep the language model's part apart.
  const text =
    json.hidden_size === undefined && typeof json.text_config === 'object' && json.text_config !== null ? (json.text_config as Json) : json
  const get = (key: keyof typeof names) => first(text, names[key])
  const family = String(text.model_type ?? '')
  const hidden = get('hidden') as number
  const heads = get('heads') as number
  const headDim = (get('headDim') ?? hidden / heads) as number
  const config: ModelConfig = {
    family,
    layers: get('layers') as number,
    hidden,
    intermediate: (get('intermediate') ?? (family === 'gpt2' ? 4 * hidden : undefined)) as number,
    heads,
    kvHeads: (get('kvHeads') ?? heads) as number,
    headDim,
    vocab: get('vocab') as number,
    context: (get('context') ?? contextByDefault[family] ?? 2048) as number,
    normEpsilon: (get('normEpsilon') ?? epsilonByDefault[family] ?? 1e-6) as number,
    ...rotary(where, text, headDim),
    tied: Boolean(text.tie_word_embeddings ?? json.tie_word_embeddings ?? tiedByDefault.has(family)),
    hiddenAct: String(get('hiddenAct') ?? 'silu'),
    raw: text,
  }
  const fileNames = Object.fromEntries(Object.entries(names).map(([key, [name]]) => [key, name]))
  return checkConfig(where, config, { ...fileNames, family: 'model_type', ropeTheta: 'rope_theta' })
}
