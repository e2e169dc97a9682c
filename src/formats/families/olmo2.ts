// The files of OLMo 2, and of OLMo 3, which GGUF calls olmo2 too.
import { shown } from '../shown'
import type { ModelConfig } from '../model-file'
import { decoderFiles, decoderTensorNames, layerWindow, queryNorms } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkOwnHead, checkSquare, checkUsual, setting } from './setting'
import { checkPeriod, sizeOf, windowSettings, windowsOf } from './windows'

/** In OLMo 3, three of four layers have a window, and their rotary frequencies are not scaled. */
export function attention(config: ModelConfig, layer: number) {
  const inGguf = !('model_type' in config.raw) && setting(config, '', 'attention.sliding_window') !== undefined
  if (!inGguf && config.raw.model_type !== 'olmo3') return {}
  const window = layerWindow(config, layer, (layer + 1) % 4 !== 0, 4096)
  return { window, ropeTable: window ? 1 : 0 }
}

/** The rotary table of layers with a window; transformers 5 has its base among `rope_parameters`. */
export function moreTables(config: ModelConfig) {
  const parameters = config.raw.rope_parameters as { sliding_attention?: { rope_theta?: number } } | null | undefined
  return sizeOf(windowsOf(config, attention)) ? [{ theta: parameters?.sliding_attention?.rope_theta ?? config.ropeTheta }] : []
}

export const olmo2: FamilyFiles = {
  ...decoderFiles,
  name: 'olmo2',
  label: 'OLMo 2',
  modelTypes: ['olmo2', 'olmo3'],
  architecture: 'Olmo2ForCausalLM',
  defaults: { context: 2048, epsilon: 1e-5 },
  // transformers configuration_olmo3.py.
  defaultsOf: { olmo3: { ropeTheta: 500_000 } },
  windows: true,
  computes: ['attention_bias', 'attention.sliding_window'],
  tensors: [
    ...decoderTensorNames,
    ...queryNorms,
    ['blk.{n}.post_attention_norm', 'model.layers.{n}.post_attention_layernorm'],
    ['blk.{n}.post_ffw_norm', 'model.layers.{n}.post_feedforward_layernorm'],
  ],
  // llama.cpp's olmo2 reads a head of its own and square projections of queries, adds no biases, and has windows on three of four layers
  // (src/models/olmo2.cpp).
  ggufSettings(config): Readonly<Record<string, number>> {
    const { raw } = config
    checkUsual('attention_bias', false, shown(raw.attention_bias), raw.attention_bias !== true)
    checkSquare(config)
    checkOwnHead(config)
    const windows = windowsOf(config, attention)
    const window = sizeOf(windows)
    if (window === undefined) return {}
    checkPeriod(windows, 4)
    return { 'attention.sliding_window': window, 'attention.sliding_window_pattern': 4 }
  },
  ownSettings(config) {
    const windows = windowsOf(config, attention)
    if (sizeOf(windows) === undefined) return {}
    return { architectures: ['Olmo3ForCausalLM'], model_type: 'olmo3', ...windowSettings(windows) }
  },
}
