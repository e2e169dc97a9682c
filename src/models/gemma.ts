// Gemma 1 (Gemma Team 2024, arXiv 2403.08295, section 2), and what all Gemmas share: 1 is added to the weights of norms, GEGLU, and an
// embedding that is scaled.
import { gemma as files, gemmaFiles } from '../formats/families/gemma'
import { geglu } from '../ops/geglu'
import { type DecoderKind, decoderFamily } from './decoder-family'
import { rms } from './norms'

const gemmaKind = {
  norm: rms(gemmaFiles.normOffset),
  gated: geglu,
  // The embedding layer itself scales, so virtual tokens are not scaled (transformers 5, GemmaTextScaledWordEmbedding).
  embeddingScale: (config) => Math.sqrt(config.hidden),
} as const satisfies Partial<DecoderKind>

/** Gemma 2 and 3 have norms before and after each sub-layer. */
export const newerGemmaKind = {
  ...gemmaKind,
  order: () => 'around',
  names: { feedForwardNorm: 'pre_feedforward_layernorm' },
} as const satisfies Partial<DecoderKind>

export const gemma = decoderFamily({ ...gemmaKind, files })
