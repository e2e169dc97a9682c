// Gemma 3, its language model (Gemma Team 2025, arXiv 2503.19786, section 2): norms on queries and keys, five layers with a window
// for one without, and a rotary base of their own for those with.
import { floatNumber } from '../config/exact-json'
import type { ModelConfig } from '../formats/model-file'
import { type AttentionKind, decoderFeedForward, decoderHead, decoderLinears, decoderRopeTables } from './decoder'
import type { Family } from './family'
import { gemmaBlock, gemmaEmbedding, gemmaForward, gemmaGgufSettings, gemmaScalar, gemmaSettings, gemmaTensors, gemmaWindow } from './gemma'
import { checkUsual, numberSetting, setting } from './setting'

function windowOf(config: ModelConfig, layer: number): number | undefined {
  // A GGUF file without a window's size has no windows (llama.cpp's gemma3, load_arch_hparams); a config.json has the usual ones.
  if (setting(config, 'sliding_window', 'attention.sliding_window') === undefined && !('model_type' in config.raw)) return undefined
  const pattern = setting(config, 'sliding_window_pattern', 'attention.sliding_window_pattern')
  return gemmaWindow(config, layer, typeof pattern === 'number' ? pattern : 6)
}

/** Base of the windowed layers' rotary frequencies; transformers 5 keeps it among `rope_parameters`. */
function localTheta(config: ModelConfig): number {
  const parameters = config.raw.rope_parameters as { sliding_attention?: { rope_theta?: number } } | null | undefined
  return parameters?.sliding_attention?.rope_theta ?? numberSetting(config, 'rope_local_base_freq', 'rope.freq_base_swa', 10_000)
}

const scalar = (config: ModelConfig) => gemmaScalar(config, 62)
const logitCap = (config: ModelConfig) => numberSetting(config, 'final_logit_softcapping', 'final_logit_softcapping', 0)

function attention(config: ModelConfig, layer: number): AttentionKind {
  const window = windowOf(config, layer)
  return { scale: 1 / Math.sqrt(scalar(config)), window, ropeTable: window ? 1 : 0 }
}

const block = gemmaBlock(attention)

export const gemma3: Family = {
  name: 'gemma3',
  label: 'Gemma 3',
  tensors: (config) => gemmaTensors(config, true),
  forward: gemmaForward(block),
  head: decoderHead,
  embedding: gemmaEmbedding,
  ropeTables: (config) => [...decoderRopeTables(config), { theta: localTheta(config) }],
  logitCap,
  ggufSettings(config) {
    checkUsual('final_logit_softcapping', 'none', logitCap(config), logitCap(config) === 0)
    return { ...gemmaGgufSettings(config, 62, attention), 'rope.freq_base_swa': localTheta(config) }
  },
  ownSettings: (config) => ({
    ...gemmaSettings(config, scalar(config), attention, logitCap(config)),
    rope_local_base_freq: floatNumber(localTheta(config)),
  }),
  linears: decoderLinears,
  feedForward: decoderFeedForward,
}
