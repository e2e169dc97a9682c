// Qwen2 and Qwen2.5: Llama's build with biases on q, k and v (Yang 2024, arXiv 2407.10671, section 2.2).
import { decoderFeedForward, decoderForward, decoderHead, decoderLinears, decoderTensors } from './decoder'
import type { Family } from './family'

export const qwen2: Family = {
  name: 'qwen2',
  label: 'Qwen2',
  tensors: (config) => decoderTensors(config, ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj']),
  forward: decoderForward,
  head: decoderHead,
  linears: decoderLinears,
  feedForward: decoderFeedForward,
}
