// The files of GPT-J, and what CodeGen's share with them.
import { say } from '../../config/phrase'
import { decoderFiles, layerNormGgufKeys } from './decoder'
import type { FamilyFiles } from './family-files'

export const gptjFiles = {
  ...decoderFiles,
  configKeys: {
    hidden: ['n_embd', 'hidden_size'],
    intermediate: ['n_inner'],
    layers: ['n_layer', 'num_hidden_layers'],
    heads: ['n_head', 'num_attention_heads'],
    kvHeads: [],
    headDim: [],
    context: ['n_positions', 'max_position_embeddings'],
    hiddenAct: ['activation_function'],
    normEpsilon: ['layer_norm_epsilon'],
    vocab: ['vocab_size'],
  },
  defaults: { context: 2048, epsilon: 1e-5, rotaryDim: 64, intermediate: (hidden: number) => 4 * hidden },
  activation: 'gelu_new',
  partialRotary: 1,
  rotaryKey: 'rotary_dim',
  // Causal masks.
  buffers: /\.attn\.((masked_)?bias|causal_mask|embed_positions)$/,
  ggufKeys: layerNormGgufKeys,
  ownSettings: ({ ropeDim, headDim }) => ({ rotary_dim: ropeDim ?? headDim }),
} as const satisfies Partial<FamilyFiles>

/** Names of everything but the projections of queries, keys and values. */
export const gptjTensors = [
  ['token_embd', 'transformer.wte'],
  ['output_norm', 'transformer.ln_f'],
  ['output', 'lm_head'],
  ['blk.{n}.attn_norm', 'transformer.h.{n}.ln_1'],
  ['blk.{n}.attn_output', 'transformer.h.{n}.attn.out_proj'],
  ['blk.{n}.ffn_up', 'transformer.h.{n}.mlp.fc_in'],
  ['blk.{n}.ffn_down', 'transformer.h.{n}.mlp.fc_out'],
] as const

export const gptj: FamilyFiles = {
  ...gptjFiles,
  name: 'gptj',
  label: 'GPT-J',
  modelTypes: ['gptj'],
  architecture: 'GPTJForCausalLM',
  tensors: [
    ...gptjTensors,
    ['blk.{n}.attn_q', 'transformer.h.{n}.attn.q_proj'],
    ['blk.{n}.attn_k', 'transformer.h.{n}.attn.k_proj'],
    ['blk.{n}.attn_v', 'transformer.h.{n}.attn.v_proj'],
  ],
  noGguf: say`llama.cpp has no GPT-J`,
}
