// Granite 3: Llama's architecture with multipliers on the embedding, the scores, each sub-layer's output and the logits (transformers
// modeling_granite.py).
import { attention, granite as files, multipliers } from '../formats/families/granite'
import { allModules, biasedBy, decoderFamily } from './decoder-family'

export const granite = decoderFamily({ files, biased: (config) => biasedBy(config, allModules), attention, multipliers })
