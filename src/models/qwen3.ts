// Qwen3 without experts: Llama's build with a norm on each head's queries and keys, and heads of a size of their own
// (Yang 2025, arXiv 2505.09388, section 2).
import {
  biasedBy,
  decoderBlock,
  decoderEmbedding,
  decoderFeedForward,
  decoderForward,
  decoderHead,
  decoderLinears,
  decoderRopeTables,
  decoderTensors,
} from './decoder'
import type { Family } from './family'
import { qwenAttention, qwenGgufSettings } from './qwen2'

export const qwen3: Family = {
  name: 'qwen3',
  label: 'Qwen3',
  tensors: (config) =>
    decoderTensors(config, {
      biased: biasedBy(config, ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'self_attn.o_proj']),
      headNorms: true,
    }),
  forward: (context) => decoderForward(context, decoderBlock(qwenAttention)),
  head: decoderHead,
  embedding: decoderEmbedding,
  ropeTables: decoderRopeTables,
  ggufSettings: qwenGgufSettings,
  linears: decoderLinears,
  feedForward: decoderFeedForward,
}
