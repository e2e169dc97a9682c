// Gemma 2 (Gemma Team 2024, arXiv 2408.00118, section 2): soft caps on scores and logits, a window on every other layer from the first.
import type { ModelConfig } from '../formats/model-file'
import { type AttentionKind, decoderFeedForward, decoderHead, decoderLinears, decoderRopeTables } from './decoder'
import type { Family } from './family'
import { gemmaBlock, gemmaEmbedding, gemmaForward, gemmaGgufSettings, gemmaScalar, gemmaSettings, gemmaTensors, gemmaWindow } from './gemma'
import { checkUsual, numberSetting } from './setting'

const scalar = (config: ModelConfig) => gemmaScalar(config, 46)
const logitCap = (config: ModelConfig) => numberSetting(config, 'final_logit_softcapping', 'final_logit_softcapping', 30)
const attention = (config: ModelConfig, layer: number): AttentionKind => ({
  scale: 1 / Math.sqrt(scalar(config)),
  softCap: numberSetting(config, 'attn_logit_softcapping', 'attn_logit_softcapping', 50),
  window: gemmaWindow(config, layer, 2),
})
const block = gemmaBlock(attention)

export const gemma2: Family = {
  name: 'gemma2',
  label: 'Gemma 2',
  tensors: (config) => gemmaTensors(config, false),
  forward: gemmaForward(block),
  head: decoderHead,
  embedding: gemmaEmbedding,
  ropeTables: decoderRopeTables,
  logitCap,
  ggufSettings(config) {
    const softCap = attention(config, 0).softCap ?? 0
    checkUsual('attn_logit_softcapping', 'a number above 0', softCap, softCap > 0)
    checkUsual('final_logit_softcapping', 'a number above 0', logitCap(config), logitCap(config) > 0)
    const settings = gemmaGgufSettings(config, 46, attention)
    checkUsual('layer_types', 'full_attention at every second layer', 'another order', settings['attention.sliding_window_pattern'] === 2)
    return { ...settings, attn_logit_softcapping: softCap, final_logit_softcapping: logitCap(config) }
  },
  ownSettings: (config) => gemmaSettings(config, scalar(config), attention, logitCap(config)),
  linears: decoderLinears,
  feedForward: decoderFeedForward,
}
