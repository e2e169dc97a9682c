// ERNIE 4.5 without experts: Llama's architecture with neighbours as rotary pairs (transformers modeling_ernie4_5.py).
import { ernie4_5 as files } from '../formats/families/ernie4_5'
import { allModules, decoderFamily } from './decoder-family'

export const ernie4_5 = decoderFamily({
  files,
  biased: ({ raw }) => (!('model_type' in raw) || raw.use_bias === true ? allModules : []),
  neighbours: true,
})
