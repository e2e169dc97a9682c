// Llama 1 to 3 and models of the same architecture (SmolLM2, TinyStories; Touvron 2023, arXiv 2302.13971), and Mistral, which adds a
// window to it (Jiang 2023, arXiv 2310.06825, section 2).
import { attention, llama as files } from '../formats/families/llama'
import { allModules, biasedBy, decoderFamily } from './decoder-family'

export const llama = decoderFamily({ files, biased: (config) => biasedBy(config, allModules), attention })
