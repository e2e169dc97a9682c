// Command R and Aya: attention and feed-forward side by side behind one layer norm without biases, neighbours as rotary pairs, and a factor
// on the logits (transformers modeling_cohere.py).
import { commandR as files, logitScale } from '../formats/families/command-r'
import { type DecoderKind, attentionModules, biasedBy, decoderFamily } from './decoder-family'
import { unbiased } from './norms'

export const commandKind = {
  names: { feedForwardNorm: '' },
  norm: unbiased,
  order: () => 'parallel',
  biased: (config) => biasedBy(config, attentionModules),
  neighbours: true,
  multipliers: (config) => ({ hidden: logitScale(config) }),
} as const satisfies Partial<DecoderKind>

export const commandR = decoderFamily({ ...commandKind, files })
