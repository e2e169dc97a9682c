// The files of EXAONE 4.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { decoderFiles, decoderTensorNames, layerWindow, queryNorms } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkSquare, checkUsual, numberSetting } from './setting'
import { checkPeriod, sizeOf, windowSettings, windowsOf } from './windows'

/** The model's window; 0 if it has none. A config.json without the key has the usual one (transformers configuration_exaone4.py), a GGUF file has none. */
const windowSize = (config: ModelConfig) =>
  numberSetting(config, 'sliding_window', 'attention.sliding_window', 'model_type' in config.raw ? 4096 : 0)

/** Three of four layers have a window, if the model has windows. Then only these layers rotate queries and keys. */
export function attention(config: ModelConfig, layer: number) {
  const size = windowSize(config)
  if (!size) return {}
  const pattern = config.raw.sliding_window_pattern
  const period = typeof pattern === 'string' ? pattern.length : typeof pattern === 'number' && pattern > 0 ? pattern : 4
  const window = layerWindow(config, layer, (layer + 1) % period !== 0, size)
  return { window, unrotated: window === undefined }
}

export const exaone4: FamilyFiles = {
  ...decoderFiles,
  name: 'exaone4',
  label: 'EXAONE 4',
  modelTypes: ['exaone4'],
  noMlx: say`expected a family that TabTune has compared with mlx-lm, got EXAONE 4`,
  architecture: 'Exaone4ForCausalLM',
  defaults: { context: 2048, epsilon: 1e-5 },
  windows: true,
  computes: ['attention.sliding_window'],
  tensors: [
    ...decoderTensorNames,
    ...queryNorms,
    ['blk.{n}.post_attention_norm', 'model.layers.{n}.post_attention_layernorm'],
    ['blk.{n}.post_ffw_norm', 'model.layers.{n}.post_feedforward_layernorm'],
  ],
  ggufRopeFactors: true,
  // llama.cpp computes windows of every fourth layer but one, and only for the model of 64 layers (src/models/exaone4.cpp).
  ggufSettings(config): Readonly<Record<string, number>> {
    checkSquare(config)
    const windows = windowsOf(config, attention)
    const window = sizeOf(windows)
    if (window === undefined) return {}
    checkUsual('num_hidden_layers', 64, config.layers, config.layers === 64)
    checkPeriod(windows, 4)
    return { 'attention.sliding_window': window }
  },
  ownSettings: (config) => windowSettings(windowsOf(config, attention)),
}
