// Qwen3 without experts: Llama's architecture with a norm on each head's queries and keys, and with a head size that config.json sets
// (Yang 2025, arXiv 2505.09388, section 2).
import { attention } from '../formats/families/qwen2'
import { qwen3 as files } from '../formats/families/qwen3'
import { attentionModules, biasedBy, decoderFamily } from './decoder-family'

export const qwen3 = decoderFamily({
  files,
  biased: (config) => biasedBy(config, attentionModules),
  headNorms: { over: 'head' },
  attention,
})
