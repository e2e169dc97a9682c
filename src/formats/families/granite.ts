// The files of Granite 3 without experts.
import { floatNumber } from '../../config/exact-json'
import type { ModelConfig } from '../model-file'
import { decoderFiles, permutedQueries } from './decoder'
import type { FamilyFiles, LayerAttention } from './family-files'
import { numberSetting } from './setting'

/** config.json's key, GGUF's key. A file without them multiplies by 1 (transformers configuration_granite.py). */
const keys = {
  scores: ['attention_multiplier', 'attention.scale'],
  embeds: ['embedding_multiplier', 'embedding_scale'],
  residual: ['residual_multiplier', 'residual_scale'],
  logits: ['logits_scaling', 'logit_scale'],
} as const
const valueOf = (config: ModelConfig, key: keyof typeof keys) => numberSetting(config, keys[key][0], keys[key][1], 1)

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
  name: 'granite',
  label: 'Granite',
  modelTypes: ['granite'],
  architecture: 'GraniteForCausalLM',
  computes: ['attention_bias', ...Object.values(keys).flat()],
  permutedBy: permutedQueries,
  ggufSettings: (config) => inEach(config, 1),
  ownSettings: (config) => Object.fromEntries(Object.entries(inEach(config, 0)).map(([key, value]) => [key, floatNumber(value)])),
}
