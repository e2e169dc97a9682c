// Llama 1 to 3 and models of the same architecture (Mistral without window, SmolLM2, TinyStories): Touvron 2023, arXiv 2302.13971.
import { llama as files } from '../formats/families/llama'
import {
  biasedBy,
  decoderEmbedding,
  decoderFeedForward,
  decoderForward,
  decoderHead,
  decoderKeysAndValues,
  decoderLinears,
  decoderRopeTables,
  decoderTensors,
} from './decoder'
import type { Family } from './family'

export const llama: Family = {
  files,
  tensors: (config) => decoderTensors(config, { biased: biasedBy(config, decoderLinears) }),
  forward: (context) => decoderForward(context),
  head: decoderHead,
  embedding: decoderEmbedding,
  ropeTables: decoderRopeTables,
  linears: decoderLinears,
  feedForward: decoderFeedForward,
  keysAndValues: decoderKeysAndValues,
}
