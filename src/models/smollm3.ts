// SmolLM3: Llama's architecture; every fourth layer does not rotate queries and keys (transformers modeling_smollm3.py).
import { attention, smollm3 as files } from '../formats/families/smollm3'
import { allModules, biasedBy, decoderFamily } from './decoder-family'

export const smollm3 = decoderFamily({ files, biased: (config) => biasedBy(config, allModules), attention })
