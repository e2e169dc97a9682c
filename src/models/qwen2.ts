// Qwen2 and Qwen2.5: Llama's architecture with biases on q, k and v (Yang 2024, arXiv 2407.10671, section 2.2).
import { attention, qwen2 as files } from '../formats/families/qwen2'
import {
  decoderBlock,
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

export const qwen2: Family = {
  files,
  tensors: (config) => decoderTensors(config, { biased: ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'] }),
  forward: (context) => decoderForward(context, decoderBlock(attention)),
  head: decoderHead,
  embedding: decoderEmbedding,
  ropeTables: decoderRopeTables,
  linears: decoderLinears,
  feedForward: decoderFeedForward,
  keysAndValues: decoderKeysAndValues,
}
