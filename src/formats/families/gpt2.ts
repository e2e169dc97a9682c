// The files of GPT-2.
import { say } from '../../config/phrase'
import { shown } from '../shown'
import { sizeKeys } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkUsual, setting } from './setting'

export const gpt2: FamilyFiles = {
  name: 'gpt2',
  label: 'GPT-2',
  modelTypes: ['gpt2'],
  peftAdaption: true,
  noMlx: say`expected a model with the same layers in mlx-lm, got GPT-2, whose layers have other names there`,
  architecture: 'GPT2LMHeadModel',
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
  defaults: { tied: true, context: 1024, epsilon: 1e-5, intermediate: (hidden) => 4 * hidden },
  activation: 'gelu_new',
  // Cerebras-GPT.
  activations: ['gelu'],
  rotary: false,
  windows: false,
  computes: ['attention_bias', 'layer_types', 'rope.dimension_count'],
  tensors: [
    ['token_embd', 'transformer.wte'],
    ['position_embd', 'transformer.wpe'],
    ['output_norm', 'transformer.ln_f'],
    ['output', 'lm_head'],
    ['blk.{n}.attn_norm', 'transformer.h.{n}.ln_1'],
    ['blk.{n}.attn_qkv', 'transformer.h.{n}.attn.c_attn'],
    ['blk.{n}.attn_output', 'transformer.h.{n}.attn.c_proj'],
    ['blk.{n}.ffn_norm', 'transformer.h.{n}.ln_2'],
    ['blk.{n}.ffn_up', 'transformer.h.{n}.mlp.c_fc'],
    ['blk.{n}.ffn_down', 'transformer.h.{n}.mlp.c_proj'],
  ],
  // Causal masks.
  buffers: /\.attn\.(masked_)?bias$/,
  transposed: /\.(c_attn|c_proj|c_fc)\.weight$/,
  ggufKeys: [...sizeKeys, ['attention.layer_norm_epsilon', 'f32', 'normEpsilon']],
  ggufSettings(config) {
    for (const [key, usual] of [
      ['scale_attn_weights', true],
      ['scale_attn_by_inverse_layer_idx', false],
    ] as const) {
      const value = setting(config, key, 'none') ?? usual
      checkUsual(key, usual, shown(value), value === usual)
    }
    checkUsual('activation_function', 'gelu_new', config.hiddenAct, config.hiddenAct !== 'gelu')
    return {}
  },
}
