// Gemma 2 (Gemma Team 2024, arXiv 2408.00118, section 2): soft caps on scores and logits, and a window on every second layer, the
// first one included.
import { attention, gemma2 as files, logitCap } from '../formats/families/gemma2'
import { decoderFeedForward, decoderHead, decoderKeysAndValues, decoderLinears, decoderRopeTables } from './decoder'
import type { Family } from './family'
import { gemmaBlock, gemmaEmbedding, gemmaForward, gemmaTensors } from './gemma'

export const gemma2: Family = {
  files,
  tensors: (config) => gemmaTensors(config, false),
  forward: gemmaForward(gemmaBlock(attention)),
  head: decoderHead,
  embedding: gemmaEmbedding,
  ropeTables: decoderRopeTables,
  logitCap,
  linears: decoderLinears,
  feedForward: decoderFeedForward,
  keysAndValues: decoderKeysAndValues,
}
