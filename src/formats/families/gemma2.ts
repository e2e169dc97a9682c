// The files of Gemma 2.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import type { FamilyFiles, LayerAttention } from './family-files'
import { gemmaGgufSettings, gemmaScalar, gemmaSettings, gemmaWindow, newerGemmaFiles } from './gemma'
import { checkUsual, numberSetting } from './setting'

const layersOf27B = 46
const scalar = (config: ModelConfig) => gemmaScalar(config, layersOf27B)

export const logitCap = (config: ModelConfig): number => numberSetting(config, 'final_logit_softcapping', 'final_logit_softcapping', 30)

/** Every second layer has a window, from the first on. */
export function attention(config: ModelConfig, layer: number): LayerAttention {
  return {
    scale: 1 / Math.sqrt(scalar(config)),
    softCap: numberSetting(config, 'attn_logit_softcapping', 'attn_logit_softcapping', 50),
    window: gemmaWindow(config, layer, 2),
  }
}

export const gemma2: FamilyFiles = {
  ...newerGemmaFiles,
  name: 'gemma2',
  label: 'Gemma 2',
  modelTypes: ['gemma2'],
  architecture: 'Gemma2ForCausalLM',
  defaults: { ...newerGemmaFiles.defaults, context: 8192 },
  ggufSettings(config) {
    const softCap = attention(config, 0).softCap ?? 0
    checkUsual('attn_logit_softcapping', say`a number above 0`, softCap, softCap > 0)
    checkUsual('final_logit_softcapping', say`a number above 0`, logitCap(config), logitCap(config) > 0)
    const settings = gemmaGgufSettings(config, layersOf27B, attention)
    checkUsual(
      'layer_types',
      say`full_attention at every second layer`,
      say`another order`,
      settings['attention.sliding_window_pattern'] === 2,
    )
    return { ...settings, attn_logit_softcapping: softCap, final_logit_softcapping: logitCap(config) }
  },
  ownSettings: (config) => gemmaSettings(config, scalar(config), attention, logitCap(config)),
}
