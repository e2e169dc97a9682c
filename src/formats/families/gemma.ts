// The files of Gemma 1, and what those of all Gemmas share: norms whose weights are offsets from 1. Gemma 2 and 3 have norms around each
// sub-layer, soft caps, some layers with a window, and a scale of the scores.
import { say } from '../../config/phrase'
import { floatNumber } from '../../config/exact-json'
import type { ModelConfig } from '../model-file'
import { decoderFiles, decoderTensorNames } from './decoder'
import type { FamilyFiles, LayerAttention, TensorName } from './family-files'
import { checkUsual, positiveSetting, numberSetting, setting } from './setting'
import { checkPeriod, sizeOf, windowSettings, windowsOf } from './windows'

const norms: readonly TensorName[] = [
  ['blk.{n}.attn_norm', 'model.layers.{n}.input_layernorm'],
  ['blk.{n}.post_attention_norm', 'model.layers.{n}.post_attention_layernorm'],
  ['blk.{n}.ffn_norm', 'model.layers.{n}.pre_feedforward_layernorm'],
  ['blk.{n}.post_ffw_norm', 'model.layers.{n}.post_feedforward_layernorm'],
]

export const gemmaFiles = {
  ...decoderFiles,
  configKeys: { ...decoderFiles.configKeys, hiddenAct: ['hidden_activation', 'hidden_act'] },
  defaults: { tied: true, headDim: 256 },
  activation: 'gelu_pytorch_tanh',
  // Weights of norms are near 0 in the publisher's files (gguf-py adds 1 when it converts any Gemma).
  normOffset: 1,
} as const

/** What the files of Gemma 2 and 3 share. */
export const newerGemmaFiles = {
  ...gemmaFiles,
  configKeys: { ...decoderFiles.configKeys, hiddenAct: ['hidden_activation'] },
  windows: true,
  computes: ['attention.sliding_window', 'attn_logit_softcapping', 'final_logit_softcapping', 'query_pre_attn_scalar'],
  tensors: [...decoderTensorNames, ...norms],
} as const

export const gemma: FamilyFiles = {
  ...gemmaFiles,
  name: 'gemma',
  label: 'Gemma',
  modelTypes: ['gemma'],
  architecture: 'GemmaForCausalLM',
  // Google's files say gelu and mean its tanh form (transformers configuration_gemma.py).
  activations: ['gelu'],
  defaults: { ...gemmaFiles.defaults, context: 8192 },
}

const scalarByLayers = (config: ModelConfig, layersOf27B: number) =>
  config.layers === layersOf27B ? config.hidden / config.heads : config.headDim

/**
 * query_pre_attn_scalar, 256 if config.json lacks it. Scores are multiplied by its power −½. GGUF does not have it: llama.cpp recognises
 * the 27B models, whose scalar is C / H, by their number of layers.
 */
export function gemmaScalar(config: ModelConfig, layersOf27B: number): number {
  const usual = 'model_type' in config.raw ? 256 : scalarByLayers(config, layersOf27B)
  return positiveSetting(config, 'query_pre_attn_scalar', 'none', usual)
}

/** The window of a layer; undefined if it has none. `layer_types` says which layers have one; without it, all but every `period`-th layer do. */
export function gemmaWindow(config: ModelConfig, layer: number, period: number): number | undefined {
  const types = setting(config, 'layer_types', 'attention.sliding_window_pattern')
  const type: unknown = Array.isArray(types) ? types[layer] : undefined
  const windowed = type === undefined ? (layer + 1) % period !== 0 : type === 'sliding_attention' || type === true
  return windowed ? numberSetting(config, 'sliding_window', 'attention.sliding_window', 4096) || undefined : undefined
}

/** GGUF's numbers for the windows of layers of `kind`. @throws UnsupportedError if llama.cpp would scale scores or place windows in another way */
export function gemmaGgufSettings(
  config: ModelConfig,
  layersOf27B: number,
  kind: (config: ModelConfig, layer: number) => LayerAttention,
): Record<string, number> {
  const scalar = gemmaScalar(config, layersOf27B)
  const usual = scalarByLayers(config, layersOf27B)
  checkUsual('query_pre_attn_scalar', usual, scalar, scalar === usual)
  const windows = windowsOf(config, kind)
  const period = windows.includes(undefined) ? windows.indexOf(undefined) + 1 : config.layers + 1
  const window = sizeOf(windows)
  checkUsual('sliding_window', say`one for some layers`, say`none`, window !== undefined)
  checkPeriod(windows, period)
  return { 'attention.sliding_window': window!, 'attention.sliding_window_pattern': period }
}

const floatOrNull = (value: number | undefined) => (value ? floatNumber(value) : null)

/** The settings in config.json for the layers of `kind`. */
export function gemmaSettings(
  config: ModelConfig,
  scalar: number,
  kind: (config: ModelConfig, layer: number) => LayerAttention,
  logitCap: number,
): Record<string, unknown> {
  return {
    query_pre_attn_scalar: scalar,
    ...windowSettings(windowsOf(config, kind)),
    attn_logit_softcapping: floatOrNull(kind(config, 0).softCap),
    final_logit_softcapping: floatOrNull(logitCap),
  }
}
