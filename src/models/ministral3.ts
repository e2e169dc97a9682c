// Ministral 3: Llama's architecture, in which queries grow with their position (transformers modeling_ministral3.py,
// get_llama_4_attn_scale). The rotary table of queries does it.
import { attention, growth, ministral3 as files } from '../formats/families/ministral3'
import { ropeFor } from '../formats/rope-factors'
import { decoderFamily } from './decoder-family'

export const ministral3 = decoderFamily({
  files,
  attention: (config) => ({ ...attention(config), queryTable: growth(config) ? 1 : 0 }),
  moreTables: (config, positions) => (growth(config) ? [{ ...ropeFor(config, positions), growth: growth(config) }] : []),
})
