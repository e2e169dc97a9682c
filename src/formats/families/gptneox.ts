// The files of GPT-NeoX and Pythia.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { layerNormGgufKeys, decoderFiles } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkOwnHead, checkUsual, isOn, setting } from './setting'

/** Whether attention and feed-forward of a block both read its input. */
export function isParallel(config: ModelConfig): boolean {
  const value = setting(config, 'use_parallel_residual', 'use_parallel_residual')
  return value === undefined || value === true
}

export const gptneox: FamilyFiles = {
  ...decoderFiles,
  ggufLacks: undefined,
  name: 'gptneox',
  label: 'GPT-NeoX',
  modelTypes: ['gpt_neox'],
  noMlx: say`expected a model with the same layers in mlx-lm, got GPT-NeoX, whose layers have other names there`,
  architecture: 'GPTNeoXForCausalLM',
  configKeys: { ...decoderFiles.configKeys, kvHeads: [], headDim: [], normEpsilon: ['layer_norm_eps'] },
  defaults: { context: 2048, epsilon: 1e-5 },
  activation: 'gelu',
  activations: ['gelu_new', 'relu'],
  partialRotary: 0.25,
  computes: ['attention_bias', 'use_parallel_residual'],
  tensors: [
    ['token_embd', 'gpt_neox.embed_in'],
    ['output_norm', 'gpt_neox.final_layer_norm'],
    ['output', 'embed_out'],
    ['blk.{n}.attn_norm', 'gpt_neox.layers.{n}.input_layernorm'],
    ['blk.{n}.attn_qkv', 'gpt_neox.layers.{n}.attention.query_key_value'],
    ['blk.{n}.attn_output', 'gpt_neox.layers.{n}.attention.dense'],
    ['blk.{n}.ffn_norm', 'gpt_neox.layers.{n}.post_attention_layernorm'],
    ['blk.{n}.ffn_up', 'gpt_neox.layers.{n}.mlp.dense_h_to_4h'],
    ['blk.{n}.ffn_down', 'gpt_neox.layers.{n}.mlp.dense_4h_to_h'],
  ],
  buffers: /\.attention\.(bias|masked_bias|rotary_emb\.(inv_freq|cos_cached|sin_cached))$/,
  joinedByGroup: (name: string) => name.includes('.query_key_value'),
  ggufKeys: layerNormGgufKeys,
  ggufSettings(config) {
    checkOwnHead(config)
    checkUsual('attention_bias', true, false, isOn(config, 'attention_bias', true))
    checkUsual('hidden_act', 'gelu', config.hiddenAct, config.hiddenAct !== 'relu')
    return { use_parallel_residual: isParallel(config) }
  },
  ownSettings: (config) => ({
    use_parallel_residual: isParallel(config),
    rotary_pct: (config.ropeDim ?? config.headDim) / config.headDim,
  }),
}
