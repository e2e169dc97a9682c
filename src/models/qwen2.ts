// Qwen2 and Qwen2.5: Llama's build with biases on q, k and v (Yang 2024, arXiv 2407.10671, section 2.2).
import type { ModelConfig } from '../formats/model-file'
import {
  type AttentionKind,
  decoderBlock,
  decoderEmbedding,
  decoderFeedForward,
  decoderForward,
  decoderHead,
  decoderLinears,
  decoderRopeTables,
  decoderTensors,
} from './decoder'
import type { Family } from './family'
import { checkUsual, numberSetting } from './setting'

/** Layers that `layer_types` lists, or else those from `max_window_layers` on, have a window, if the model uses one at all (transformers configuration_qwen2.py). */
export function qwenAttention(config: ModelConfig, layer: number): AttentionKind {
  const { use_sliding_window: used, layer_types: types } = config.raw
  if (used !== true) return {}
  const windowed = Array.isArray(types) ? types[layer] === 'sliding_attention' : layer >= numberSetting(config, 'max_window_layers', '', 28)
  if (!windowed) return {}
  return { window: numberSetting(config, 'sliding_window', '', 4096) || undefined }
}

/** A GGUF file has no windows for these families. @throws UnsupportedError where a layer has one */
export function qwenGgufSettings(config: ModelConfig): Record<string, number> {
  const window = Array.from({ length: config.layers }, (_, layer) => qwenAttention(config, layer).window).find((w) => w)
  checkUsual('sliding_window', 'none', window, window === undefined)
  return {}
}

export const qwen2: Family = {
  name: 'qwen2',
  label: 'Qwen2',
  tensors: (config) => decoderTensors(config, { biased: ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'] }),
  forward: (context) => decoderForward(context, decoderBlock(qwenAttention)),
  head: decoderHead,
  embedding: decoderEmbedding,
  ropeTables: decoderRopeTables,
  ggufSettings: qwenGgufSettings,
  linears: decoderLinears,
  feedForward: decoderFeedForward,
}
