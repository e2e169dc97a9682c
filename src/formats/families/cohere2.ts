// The files of Command R7B and Command A.
import { floatNumber } from '../../config/exact-json'
import type { ModelConfig } from '../model-file'
import { commandFiles, logitScale } from './command-r'
import { layerWindow } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkSquare, numberSetting } from './setting'
import { checkPeriod, windowSettings, windowsOf } from './windows'

/** Three of four layers have a window, and only these rotate queries and keys. */
export function attention(config: ModelConfig, layer: number) {
  const period = numberSetting(config, 'sliding_window_pattern', '', 4) || Infinity
  const window = layerWindow(config, layer, (layer + 1) % period !== 0, 4096)
  return { window, unrotated: window === undefined }
}

export const cohere2: FamilyFiles = {
  ...commandFiles,
  name: 'cohere2',
  label: 'Command R7B',
  modelTypes: ['cohere2'],
  architecture: 'Cohere2ForCausalLM',
  windows: true,
  computes: [...commandFiles.computes, 'attention.sliding_window'],
  ggufSettings(config) {
    checkSquare(config)
    const windows = windowsOf(config, attention)
    checkPeriod(windows, 4)
    return { logit_scale: logitScale(config), 'attention.sliding_window': windows[0]! }
  },
  ownSettings: (config) => ({
    logit_scale: floatNumber(logitScale(config)),
    ...windowSettings(windowsOf(config, attention)),
  }),
}
