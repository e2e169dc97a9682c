// Gemma 3, its language model (Gemma Team 2025, arXiv 2503.19786, section 2): norms on queries and keys, five layers with a window
// for one without, and a rotary base of their own for those with.
import { floatNumber } from '../config/exact-json'
import type { ModelConfig } from '../formats/model-file'
import {
  type AttentionKind,
  blocks,
  decoderFeedForward,
  decoderHead,
  decoderLinears,
  decoderRopeTables,
  embedTokens,
  norm,
} from './decoder'
import type { Family } from './family'
import { gemmaBlock, gemmaGgufSettings, gemmaNormOffset, gemmaScalar, gemmaSettings, gemmaTensors, gemmaWindow } from './gemma'
import { checkUsual, numberSetting, setting } from './setting'

function windowOf(config: ModelConfig, layer: number): number | undefined {
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
  const softCap = numberSetting(config, 'attn_logit_softcapping', 'attn_logit_softcapping', 0)
  return { scale: 1 / Math.sqrt(scalar(config)), softCap, window, ropeTable: window ? 1 : 0 }
}

const block = gemmaBlock(attention)

const embedding = (config: ModelConfig) => ({ name: 'model.embed_tokens.weight', scale: Math.sqrt(config.hidden) })

export const gemma3: Family = {
  name: 'gemma3',
  label: 'Gemma 3',
  tensors: (config) => gemmaTensors(config, true),
  forward: (context) =>
    norm(context, blocks(context, embedTokens(context, embedding(context.config)), block), 'model.norm', gemmaNormOffset),
  head: decoderHead,
  embedding,
  ropeTables: (config) => [...decoderRopeTables(config), { theta: localTheta(config) }],
  logitCap,
  ggufSettings(config) {
    const softCap = attention(config, 0).softCap ?? 0
    checkUsual('attn_logit_softcapping', 'none', softCap, softCap === 0)
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
