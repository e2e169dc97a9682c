// Gemma 2 (Gemma Team 2024, arXiv 2408.00118, section 2): soft caps on scores and logits, a window on every other layer from the first.
import { scale } from '../ops/scale'
import { blocks, decoderEmbedding, decoderFeedForward, decoderHead, decoderLinears, decoderRopeTables, embedTokens, norm } from './decoder'
import type { Family } from './family'
import { gemmaBlock, gemmaNormOffset, gemmaScale, gemmaTensors, gemmaWindow } from './gemma'
import { numberSetting } from './setting'

const block = gemmaBlock((config, layer) => ({
  scale: gemmaScale(config, 46),
  softCap: numberSetting(config, 'attn_logit_softcapping', 'attn_logit_softcapping', 50),
  window: gemmaWindow(config, layer, 2),
}))

export const gemma2: Family = {
  name: 'gemma2',
  label: 'Gemma 2',
  tensors: (config) => gemmaTensors(config, false),
  forward(context) {
    // The model's input is scaled, not the embedding: virtual tokens are scaled too (transformers modeling_gemma2.py).
    const x = scale(context.r, embedTokens(context), Math.sqrt(context.config.hidden))
    return norm(context, blocks(context, x, block), 'model.norm', gemmaNormOffset)
  },
  head: decoderHead,
  embedding: decoderEmbedding,
  ropeTables: decoderRopeTables,
  logitCap: (config) => numberSetting(config, 'final_logit_softcapping', 'final_logit_softcapping', 30),
  linears: decoderLinears,
  feedForward: decoderFeedForward,
}
