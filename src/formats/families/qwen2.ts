// The files of Qwen2 and Qwen2.5.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { decoderFiles } from './decoder'
import type { FamilyFiles, LayerAttention } from './family-files'
import { checkUsual, numberSetting } from './setting'
import { sizeOf, windowsOf } from './windows'

/** The window of a layer, if the model uses windows: `layer_types` says which layers have one, otherwise those from `max_window_layers` on (transformers configuration_qwen2.py). */
export function attention(config: ModelConfig, layer: number): LayerAttention {
  const { use_sliding_window: used, layer_types: types } = config.raw
  if (used !== true) return {}
  const windowed = Array.isArray(types) ? types[layer] === 'sliding_attention' : layer >= numberSetting(config, 'max_window_layers', '', 28)
  if (!windowed) return {}
  return { window: numberSetting(config, 'sliding_window', '', 4096) || undefined }
}

/** A GGUF file cannot store windows for these families. @throws UnsupportedError if a layer has one */
export function ggufSettings(config: ModelConfig): Record<string, number> {
  const window = sizeOf(windowsOf(config, attention))
  checkUsual('sliding_window', say`none`, window ?? say`none`, window === undefined)
  return {}
}

/** transformers configuration_qwen2_vl.py and configuration_qwen2_5_vl.py. */
const ofPictures = { epsilon: 1e-5, ropeTheta: 1_000_000 }

export const qwen2: FamilyFiles = {
  ...decoderFiles,
  name: 'qwen2',
  label: 'Qwen2',
  // Positions in three parts (mrope) are the usual ones wherever there is only text.
  modelTypes: ['qwen2', 'qwen2_vl', 'qwen2_vl_text', 'qwen2_5_vl', 'qwen2_5_vl_text'],
  architecture: 'Qwen2ForCausalLM',
  inside: {
    Qwen2VLForConditionalGeneration: ['qwen2', 'Qwen2ForCausalLM'],
    Qwen2_5_VLForConditionalGeneration: ['qwen2', 'Qwen2ForCausalLM'],
  },
  defaults: { context: 32_768 },
  defaultsOf: { qwen2_vl: ofPictures, qwen2_vl_text: ofPictures, qwen2_5_vl: ofPictures, qwen2_5_vl_text: ofPictures },
  windows: true,
  // llama.cpp reads no window for this architecture.
  computes: ['attention_bias', 'attention.sliding_window'],
  ggufSettings,
}
