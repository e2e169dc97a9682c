// The files of Gemma 3's language model.
import { say } from '../../config/phrase'
import { floatNumber } from '../../config/exact-json'
import type { ModelConfig } from '../model-file'
import { queryNorms } from './decoder'
import type { FamilyFiles, LayerAttention } from './family-files'
import { gemmaGgufSettings, gemmaScalar, gemmaSettings, gemmaWindow, newerGemmaFiles } from './gemma'
import { checkUsual, numberSetting, positiveSetting, setting } from './setting'

const layersOf27B = 62
const scalar = (config: ModelConfig) => gemmaScalar(config, layersOf27B)

export const logitCap = (config: ModelConfig): number => numberSetting(config, 'final_logit_softcapping', 'final_logit_softcapping', 0)

function windowOf(config: ModelConfig, layer: number): number | undefined {
  // A GGUF file without a window's size has no windows (llama.cpp's gemma3, load_arch_hparams). A config.json without it has the usual windows.
  if (setting(config, 'sliding_window', 'attention.sliding_window') === undefined && !('model_type' in config.raw)) return undefined
  const pattern = setting(config, 'sliding_window_pattern', 'attention.sliding_window_pattern')
  return gemmaWindow(config, layer, typeof pattern === 'number' ? pattern : 6)
}

export function attention(config: ModelConfig, layer: number): LayerAttention {
  return { scale: 1 / Math.sqrt(scalar(config)), window: windowOf(config, layer) }
}

/** Base of the rotary frequencies in layers with a window; transformers 5 keeps it among `rope_parameters`. */
export function localTheta(config: ModelConfig): number {
  const parameters = config.raw.rope_parameters as { sliding_attention?: { rope_theta?: number } } | null | undefined
  return parameters?.sliding_attention?.rope_theta ?? positiveSetting(config, 'rope_local_base_freq', 'rope.freq_base_swa', 10_000)
}

export const gemma3: FamilyFiles = {
  ...newerGemmaFiles,
  name: 'gemma3',
  label: 'Gemma 3',
  // The text part of a model for pictures has its own type.
  modelTypes: ['gemma3_text', 'gemma3'],
  architecture: 'Gemma3ForCausalLM',
  inside: { Gemma3ForConditionalGeneration: ['gemma3_text', 'Gemma3ForCausalLM'] },
  // Google's files of 4B to 27B leave some sizes to the class (transformers configuration_gemma3.py).
  defaults: {
    ...newerGemmaFiles.defaults,
    context: 131_072,
    ropeTheta: 1_000_000,
    layers: 26,
    hidden: 2304,
    intermediate: () => 9216,
    heads: 8,
    kvHeads: 4,
    vocab: 262_208,
  },
  computes: [...newerGemmaFiles.computes, 'qk_layernorm', 'use_qk_norm'],
  tensors: [...newerGemmaFiles.tensors, ...queryNorms],
  ggufSettings(config) {
    checkUsual('final_logit_softcapping', say`none`, logitCap(config), logitCap(config) === 0)
    return { ...gemmaGgufSettings(config, layersOf27B, attention), 'rope.freq_base_swa': localTheta(config) }
  },
  ownSettings: (config) => ({
    ...gemmaSettings(config, scalar(config), attention, logitCap(config)),
    rope_local_base_freq: floatNumber(localTheta(config)),
  }),
}
