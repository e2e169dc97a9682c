// The language model of Gemma 3 (Gemma Team 2025, arXiv 2503.19786, section 2): norms on queries and keys, and after every five layers
// with a window one without. Layers with a window have their own rotary base.
import { attention, gemma3 as files, localTheta, logitCap } from '../formats/families/gemma3'
import { decoderFamily } from './decoder-family'
import { newerGemmaKind } from './gemma'

export const gemma3 = decoderFamily({
  ...newerGemmaKind,
  files,
  headNorms: { over: 'head' },
  attention(config, layer) {
    const kind = attention(config, layer)
    return { ...kind, ropeTable: kind.window ? 1 : 0 }
  },
  moreTables: (config) => [{ theta: localTheta(config) }],
  logitCap,
})
