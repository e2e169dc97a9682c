// Helium: Llama's architecture with neighbours as rotary pairs (transformers modeling_helium.py).
import { helium as files } from '../formats/families/helium'
import { allModules, biasedBy, decoderFamily } from './decoder-family'

export const helium = decoderFamily({ files, biased: (config) => biasedBy(config, allModules), neighbours: true })
