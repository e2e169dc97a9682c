// Qwen3 with experts in place of most or all feed-forwards (Yang 2025, arXiv 2505.09388, section 2).
import { attention, qwen3moe as files } from '../formats/families/qwen3moe'
import { attentionModules, biasedBy, decoderFamily } from './decoder-family'

export const qwen3moe = decoderFamily({
  files,
  biased: (config) => biasedBy(config, attentionModules),
  headNorms: { over: 'head' },
  attention,
})
