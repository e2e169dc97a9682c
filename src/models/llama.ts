// Llama 1 to 3 and models of the same build (Mistral without window, SmolLM2, TinyStories): Touvron 2023, arXiv 2302.13971.
import {
  biasedBy,
  decoderEmbedding,
  decoderFeedForward,
  decoderForward,
  decoderHead,
  decoderLinears,
  decoderRopeTables,
  decoderTensors,
} from './decoder'
import type { Family } from './family'

export const llama: Family = {
  name: 'llama',
  label: 'Llama',
  tensors: (config) => decoderTensors(config, { biased: biasedBy(config, decoderLinears) }),
  forward: (context) => decoderForward(context),
  head: decoderHead,
  embedding: decoderEmbedding,
  ropeTables: decoderRopeTables,
  linears: decoderLinears,
  feedForward: decoderFeedForward,
}
