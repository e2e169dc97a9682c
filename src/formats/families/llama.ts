// The files of Llama 1 to 3, of models with the same architecture, and of Mistral, which GGUF calls llama too.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { decoderFiles, permutedQueries } from './decoder'
import type { FamilyFiles, LayerAttention } from './family-files'
import { checkUsual, numberSetting } from './setting'

/** Mistral has a window on every layer, unless its size is null. */
export function attention(config: ModelConfig): LayerAttention {
  if (config.raw.model_type !== 'mistral') return {}
  return { window: numberSetting(config, 'sliding_window', '', 4096) || undefined }
}

export const llama: FamilyFiles = {
  ...decoderFiles,
  ggufLacks: undefined,
  name: 'llama',
  label: 'Llama',
  modelTypes: ['llama', 'mistral'],
  peftAdaption: true,
  architecture: 'LlamaForCausalLM',
  // transformers configuration_mistral.py.
  defaultsOf: { mistral: { context: 131_072, kvHeads: 8 } },
  inside: { Mistral3ForConditionalGeneration: ['mistral', 'MistralForCausalLM'] },
  // llama.cpp reads no window for this architecture.
  computes: ['attention_bias', 'attention.sliding_window'],
  permutedBy: permutedQueries,
  ggufRopeFactors: true,
  ggufSettings(config) {
    const { window } = attention(config)
    checkUsual('sliding_window', say`none`, window ?? say`none`, window === undefined)
    return {}
  },
}
