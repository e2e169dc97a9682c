// The language model of Gemma 3 (Gemma Team 2025, arXiv 2503.19786, section 2): norms on queries and keys, and after every five layers
// with a window one without. Layers with a window have their own rotary base.
import { attention, gemma3 as files, localTheta, logitCap } from '../formats/families/gemma3'
import type { ModelConfig } from '../formats/model-file'
import { type AttentionKind, decoderFeedForward, decoderHead, decoderKeysAndValues, decoderLinears, decoderRopeTables } from './decoder'
import type { Family } from './family'
import { gemmaBlock, gemmaEmbedding, gemmaForward, gemmaTensors } from './gemma'

function rotated(config: ModelConfig, layer: number): AttentionKind {
  const kind = attention(config, layer)
  return { ...kind, ropeTable: kind.window ? 1 : 0 }
}

export const gemma3: Family = {
  files,
  tensors: (config) => gemmaTensors(config, true),
  forward: gemmaForward(gemmaBlock(rotated)),
  head: decoderHead,
  embedding: gemmaEmbedding,
  ropeTables: (config) => [...decoderRopeTables(config), { theta: localTheta(config) }],
  logitCap,
  linears: decoderLinears,
  feedForward: decoderFeedForward,
  keysAndValues: decoderKeysAndValues,
}
