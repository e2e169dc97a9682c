// The files of SmolLM3.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { decoderFiles, layerWindow, permutedQueries } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkUsual, numberSetting } from './setting'
import { sizeOf } from './windows'

/** Whether a layer does not rotate queries and keys: every fourth, if config.json does not list them. llama.cpp knows no other (src/models/smollm3.cpp). */
function unrotated(config: ModelConfig, layer: number): boolean {
  const listed = config.raw.no_rope_layers
  if (Array.isArray(listed)) return listed[layer] === 0
  return (layer + 1) % (numberSetting(config, 'no_rope_layer_interval', '', 4) || Infinity) === 0
}

export function attention(config: ModelConfig, layer: number) {
  const window = config.raw.use_sliding_window === true ? layerWindow(config, layer, unrotated(config, layer), 0) : undefined
  return { window, unrotated: unrotated(config, layer) }
}

export const smollm3: FamilyFiles = {
  ...decoderFiles,
  name: 'smollm3',
  label: 'SmolLM3',
  modelTypes: ['smollm3'],
  architecture: 'SmolLM3ForCausalLM',
  defaults: { tied: true, context: 32_768, ropeTheta: 2_000_000 },
  windows: true,
  computes: ['attention_bias'],
  permutedBy: permutedQueries,
  ggufSettings(config) {
    const layers = Array.from({ length: config.layers }, (_, layer) => attention(config, layer))
    const regular = layers.every((kind, layer) => kind.unrotated === ((layer + 1) % 4 === 0))
    checkUsual('no_rope_layers', say`every fourth layer`, say`others`, regular)
    const window = sizeOf(layers.map((kind) => kind.window))
    checkUsual('sliding_window', say`none`, window ?? say`none`, window === undefined)
    return {}
  },
  ownSettings: (config) => ({
    no_rope_layers: Array.from({ length: config.layers }, (_, layer) => (unrotated(config, layer) ? 0 : 1)),
  }),
}
