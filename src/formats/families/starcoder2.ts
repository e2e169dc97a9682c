// The files of StarCoder 2.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { decoderFiles, decoderTensorNames, layerNormGgufKeys, normsInFront } from './decoder'
import type { FamilyFiles, LayerAttention } from './family-files'
import { checkUsual, isOn, numberSetting } from './setting'

/** The window of every layer; null means none. llama.cpp computes none (as its loader shows). */
export const attention = (config: ModelConfig): LayerAttention => ({
  window: numberSetting(config, 'sliding_window', 'attention.sliding_window', 0) || undefined,
})

export const starcoder2: FamilyFiles = {
  ...decoderFiles,
  ggufLacks: undefined,
  name: 'starcoder2',
  label: 'StarCoder 2',
  modelTypes: ['starcoder2'],
  architecture: 'Starcoder2ForCausalLM',
  configKeys: { ...decoderFiles.configKeys, headDim: [], normEpsilon: ['norm_epsilon'] },
  defaults: { tied: true, context: 4096, epsilon: 1e-5 },
  activation: 'gelu_pytorch_tanh',
  computes: ['attention.sliding_window'],
  tensors: [
    ...decoderTensorNames.filter(([name]) => !name.includes('.ffn_')),
    ...normsInFront,
    ['blk.{n}.ffn_up', 'model.layers.{n}.mlp.c_fc'],
    ['blk.{n}.ffn_down', 'model.layers.{n}.mlp.c_proj'],
  ],
  ggufKeys: layerNormGgufKeys,
  ggufSettings(config) {
    checkUsual('use_bias', true, false, isOn(config, 'use_bias', true))
    const { window } = attention(config)
    checkUsual('sliding_window', say`none`, window ?? say`none`, window === undefined || window >= config.context)
    return {}
  },
  ownSettings: (config) => ({ sliding_window: attention(config).window ?? null, use_bias: true }),
}
