// The files of Granite 3 without experts.
import { floatNumber } from '../../config/exact-json'
import type { ModelConfig } from '../model-file'
import { decoderFiles, permutedQueries } from './decoder'
import type { FamilyFiles, LayerAttention } from './family-files'
import { numberSetting, positiveSetting } from './setting'

/** config.json's key, GGUF's key. */
const keys = {
  scores: ['attention_multiplier', 'attention.scale'],
  embeds: ['embedding_multiplier', 'embedding_scale'],
  residual: ['residual_multiplier', 'residual_scale'],
  logits: ['logits_scaling', 'logit_scale'],
} as const

/**
 * A config.json without the key multiplies by 1 (transformers configuration_granite.py). A GGUF file without it, or with 0, has plain
 * attention and no other factor (llama.cpp src/models/granite.cpp).
 */
function valueOf(config: ModelConfig, key: keyof typeof keys): number {
  const [hfKey, ggufKey] = keys[key]
  if ('model_type' in config.raw) return positiveSetting(config, hfKey, ggufKey, 1)
  return numberSetting(config, hfKey, ggufKey, 0) || (key === 'scores' ? 1 / Math.sqrt(config.headDim) : 1)
}

export const attention = (config: ModelConfig): LayerAttention => ({ scale: valueOf(config, 'scores') })

export const multipliers = (config: ModelConfig) => ({
  embeds: valueOf(config, 'embeds'),
  residual: valueOf(config, 'residual'),
  hidden: 1 / valueOf(config, 'logits'),
})

const inEach = (config: ModelConfig, at: 0 | 1) =>
  Object.fromEntries(Object.entries(keys).map(([key, names]) => [names[at], valueOf(config, key as keyof typeof keys)]))

export const granite: FamilyFiles = {
  ...decoderFiles,
  ggufLacks: undefined,
  name: 'granite',
  label: 'Granite',
  modelTypes: ['granite'],
  architecture: 'GraniteForCausalLM',
  computes: ['attention_bias', ...Object.values(keys).flat()],
  permutedBy: permutedQueries,
  ggufSettings: (config) => inEach(config, 1),
  ownSettings: (config) => Object.fromEntries(Object.entries(inEach(config, 0)).map(([key, value]) => [key, floatNumber(value)])),
}
