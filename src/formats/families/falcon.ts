// The files of Falcon 7B, 40B and 180B. Those with slopes for positions (alibi) are refused.
import type { ModelConfig } from '../model-file'
import { decoderFiles, layerNormGgufKeys } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkSquare, checkUsual, isOn } from './setting'

/** Whether a model has the blocks of Falcon 40B. A GGUF file of one has a second norm, which is refused. */
const isNewer = (config: ModelConfig): boolean => isOn(config, 'new_decoder_architecture', false)

/** Whether attention and feed-forward of a block both read its input. */
export const isParallel = (config: ModelConfig): boolean => isNewer(config) || isOn(config, 'parallel_attn', true)

/** Whether attention and feed-forward have norms of their own. */
export const hasTwoNorms = (config: ModelConfig): boolean => isNewer(config) && (config.raw.num_ln_in_parallel_attn ?? 2) === 2

/** Whether linear layers have biases. */
export const isBiased = (config: ModelConfig): boolean => isOn(config, 'bias', false)

export const falcon: FamilyFiles = {
  ...decoderFiles,
  name: 'falcon',
  label: 'Falcon',
  modelTypes: ['falcon'],
  architecture: 'FalconForCausalLM',
  configKeys: {
    hidden: ['hidden_size', 'n_embed'],
    intermediate: ['ffn_hidden_size'],
    layers: ['num_hidden_layers', 'n_layer'],
    heads: ['num_attention_heads', 'n_head'],
    kvHeads: ['num_kv_heads', 'n_head_kv'],
    headDim: [],
    hiddenAct: ['activation'],
    context: ['max_position_embeddings'],
    normEpsilon: ['layer_norm_epsilon'],
    vocab: ['vocab_size'],
  },
  defaults: {
    tied: true,
    context: 2048,
    epsilon: 1e-5,
    intermediate: (hidden) => 4 * hidden,
    // All queries share one key and one value, unless config.json says otherwise (configuration_falcon.py).
    kvHeadsOf: ({ new_decoder_architecture: newer, multi_query: shared }) =>
      newer === true || shared === false || shared === null ? undefined : 1,
  },
  activation: 'gelu',
  computes: ['parallel_attn'],
  tensors: [
    ['token_embd', 'transformer.word_embeddings'],
    ['output_norm', 'transformer.ln_f'],
    ['output', 'lm_head'],
    ['blk.{n}.attn_norm', 'transformer.h.{n}.input_layernorm'],
    ['blk.{n}.attn_qkv', 'transformer.h.{n}.self_attention.query_key_value'],
    ['blk.{n}.attn_output', 'transformer.h.{n}.self_attention.dense'],
    ['blk.{n}.ffn_up', 'transformer.h.{n}.mlp.dense_h_to_4h'],
    ['blk.{n}.ffn_down', 'transformer.h.{n}.mlp.dense_4h_to_h'],
  ],
  joinedByGroup: (name) => name.includes('.query_key_value'),
  ggufLacks: /\.(attn_qkv|attn_output|ffn_up|ffn_down)\.bias$/,
  ggufKeys: layerNormGgufKeys,
  // llama.cpp reads one or two norms in front of both sub-layers, in the names of which 7B and 40B differ (src/models/falcon.cpp).
  ggufSettings(config) {
    checkSquare(config)
    checkUsual('new_decoder_architecture', false, true, !isNewer(config))
    checkUsual('parallel_attn', true, false, isParallel(config))
    return {}
  },
  ownSettings: ({ kvHeads, heads }) => ({
    multi_query: kvHeads === 1,
    ...(kvHeads !== 1 && kvHeads !== heads && { new_decoder_architecture: true }),
    parallel_attn: true,
    bias: false,
  }),
}
