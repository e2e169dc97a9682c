// The files of Command R7B and Command A.
import { say } from '../../config/phrase'
import { floatNumber } from '../../config/exact-json'
import type { ModelConfig } from '../model-file'
import { commandFiles, logitScale } from './command-r'
import { layerWindow } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkUsual, numberSetting } from './setting'

/** Three of four layers have a window, and only these rotate queries and keys. */
export function attention(config: ModelConfig, layer: number) {
  const period = numberSetting(config, 'sliding_window_pattern', '', 4) || Infinity
  const window = layerWindow(config, layer, (layer + 1) % period !== 0, 4096)
  return { window, unrotated: window === undefined }
}

const windows = (config: ModelConfig) => Array.from({ length: config.layers }, (_, layer) => attention(config, layer).window)

export const cohere2: FamilyFiles = {
  ...commandFiles,
  name: 'cohere2',
  label: 'Command R7B',
  modelTypes: ['cohere2'],
  architecture: 'Cohere2ForCausalLM',
  windows: true,
  computes: [...commandFiles.computes, 'attention.sliding_window'],
  ggufSettings(config) {
    const regular = windows(config).every((w, layer) => (w === undefined) === ((layer + 1) % 4 === 0))
    checkUsual('layer_types', say`full_attention at every fourth layer`, say`another order`, regular)
    return { logit_scale: logitScale(config), 'attention.sliding_window': windows(config)[0]! }
  },
  ownSettings: (config) => ({
    logit_scale: floatNumber(logitScale(config)),
    sliding_window: windows(config).find((w) => w) ?? null,
    layer_types: windows(config).map((w) => (w ? 'sliding_attention' : 'full_attention')),
  }),
}
