// OLMo 2: Llama's build with norms behind each sub-layer instead of in front, and a norm over all queries and one over all keys of
// a token (Team OLMo 2024, arXiv 2501.00656, section 3.2; transformers modeling_olmo2.py). OLMo 3 adds layers with a window.
import { attention, moreTables, olmo2 as files } from '../formats/families/olmo2'
import { attentionModules, biasedBy, decoderFamily } from './decoder-family'

export const olmo2 = decoderFamily({
  files,
  order: () => 'behind',
  biased: (config) => biasedBy(config, attentionModules),
  headNorms: { over: 'all' },
  attention,
  moreTables,
})
