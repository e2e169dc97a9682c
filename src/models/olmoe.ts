// OLMoE: experts in place of every feed-forward, with a norm over all queries and one over all keys of a token (Muennighoff 2024, arXiv
// 2409.02060, section 2; transformers modeling_olmoe.py).
import { olmoe as files } from '../formats/families/olmoe'
import { attentionModules, biasedBy, decoderFamily } from './decoder-family'

export const olmoe = decoderFamily({ files, biased: (config) => biasedBy(config, attentionModules), headNorms: { over: 'all' } })
