// What the files of most decoders have in common: the names and keys of Llama's. The record of a family starts from these and changes what differs.
import type { ModelConfig } from '../model-file'
import type { FamilyFiles, GgufKey, TensorName } from './family-files'
import { numberSetting } from './setting'

/** The keys that transformers' configuration classes read. */
const decoderConfigKeys: FamilyFiles['configKeys'] = {
  hidden: ['hidden_size'],
  intermediate: ['intermediate_size'],
  layers: ['num_hidden_layers'],
  heads: ['num_attention_heads'],
  kvHeads: ['num_key_value_heads'],
  headDim: ['head_dim'],
  hiddenAct: ['hidden_act'],
  context: ['max_position_embeddings'],
  normEpsilon: ['rms_norm_eps'],
  vocab: ['vocab_size'],
}

/** Names of everything but the norms of a block (llama.cpp gguf-py, tensor_mapping.py). */
export const decoderTensorNames: readonly TensorName[] = [
  ['token_embd', 'model.embed_tokens'],
  ['output_norm', 'model.norm'],
  ['output', 'lm_head'],
  ['blk.{n}.attn_q', 'model.layers.{n}.self_attn.q_proj'],
  ['blk.{n}.attn_k', 'model.layers.{n}.self_attn.k_proj'],
  ['blk.{n}.attn_v', 'model.layers.{n}.self_attn.v_proj'],
  ['blk.{n}.attn_output', 'model.layers.{n}.self_attn.o_proj'],
  ['blk.{n}.ffn_gate', 'model.layers.{n}.mlp.gate_proj'],
  ['blk.{n}.ffn_up', 'model.layers.{n}.mlp.up_proj'],
  ['blk.{n}.ffn_down', 'model.layers.{n}.mlp.down_proj'],
]

/** Norms before attention and feed-forward. */
export const normsInFront: readonly TensorName[] = [
  ['blk.{n}.attn_norm', 'model.layers.{n}.input_layernorm'],
  ['blk.{n}.ffn_norm', 'model.layers.{n}.post_attention_layernorm'],
]

/** Norms of queries and keys. */
export const queryNorms: readonly TensorName[] = [
  ['blk.{n}.attn_q_norm', 'model.layers.{n}.self_attn.q_norm'],
  ['blk.{n}.attn_k_norm', 'model.layers.{n}.self_attn.k_norm'],
]

/** Sizes that llama.cpp reads for every architecture (ggml/docs/gguf.md; gguf-py constants.py). */
export const sizeKeys: readonly GgufKey[] = [
  ['block_count', 'u32', 'layers'],
  ['context_length', 'u32', 'context'],
  ['embedding_length', 'u32', 'hidden'],
  ['feed_forward_length', 'u32', 'intermediate'],
  ['attention.head_count', 'u32', 'heads'],
  ['vocab_size', 'u32', 'vocab'],
]

const decoderGgufKeys: readonly GgufKey[] = [
  ...sizeKeys,
  ['attention.head_count_kv', 'u32', 'kvHeads'],
  ['attention.key_length', 'u32', 'headDim'],
  ['attention.value_length', 'u32', 'headDim'],
  ['attention.layer_norm_rms_epsilon', 'f32', 'normEpsilon'],
  ['rope.dimension_count', 'u32', 'headDim'],
  ['rope.freq_base', 'f32', 'ropeTheta'],
]

/** The same for families with layer norms. */
export const layerNormGgufKeys = decoderGgufKeys.map(([key, type, field]): GgufKey => [
  key.replace('layer_norm_rms_epsilon', 'layer_norm_epsilon'),
  type,
  field,
])

/** Rows of queries and keys that GGUF files reorder in Llama's way. */
export function permutedQueries(name: string): 'heads' | 'kvHeads' | undefined {
  const which = /\.(q|k)_proj(\.weight|\.bias)?$/.exec(name)?.[1]
  return which === undefined ? undefined : which === 'q' ? 'heads' : 'kvHeads'
}

/** The window of a layer: `layer_types` says which layers have one; without it, those that are `usual`. `size`: the window's if the file has none. */
export function layerWindow(config: ModelConfig, layer: number, usual: boolean, size: number): number | undefined {
  const types = config.raw.layer_types
  const windowed = Array.isArray(types) ? types[layer] === 'sliding_attention' : usual
  return windowed ? numberSetting(config, 'sliding_window', 'attention.sliding_window', size) || undefined : undefined
}

/** Most of llama.cpp's decoders read biases of queries, keys and values only (llama-model.cpp, create_tensor_qkv, and src/models). */
const outputAndInnerBiases = /\.(attn_output|ffn_gate|ffn_up|ffn_down)\.bias$/

export const decoderFiles = {
  configKeys: decoderConfigKeys,
  defaults: {},
  activation: 'silu',
  rotary: true,
  windows: false,
  computes: [],
  tensors: [...decoderTensorNames, ...normsInFront],
  buffers: /\.rotary_emb\.(inv_freq|cos_cached|sin_cached)$/,
  ggufLacks: outputAndInnerBiases,
  ggufKeys: decoderGgufKeys,
} as const satisfies Partial<FamilyFiles>
