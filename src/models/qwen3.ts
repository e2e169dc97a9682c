// Qwen3 without experts: Llama's architecture with a norm on each head's queries and keys, and with a head size that config.json sets
// (Yang 2025, arXiv 2505.09388, section 2).
import { attention } from '../formats/families/qwen2'
import { qwen3 as files } from '../formats/families/qwen3'
import {
  biasedBy,
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

export const qwen3: Family = {
  files,
  tensors: (config) =>
    decoderTensors(config, {
      biased: biasedBy(config, ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'self_attn.o_proj']),
      headNorms: true,
    }),
  forward: (context) => decoderForward(context, decoderBlock(attention)),
  head: decoderHead,
  embedding: decoderEmbedding,
  ropeTables: decoderRopeTables,
  linears: decoderLinears,
  feedForward: decoderFeedForward,
  keysAndValues: decoderKeysAndValues,
}
