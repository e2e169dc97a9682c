// Nemotron and Minitron: layer norms with 1 added to their weights, the square of ReLU without a gate, and rotary embeddings over half of
// each head (Parmar 2024, arXiv 2402.16819, section 2; transformers modeling_nemotron.py).
import { nemotron as files } from '../formats/families/nemotron'
import { squaredRelu } from '../ops/activate'
import { allModules, biasedBy, decoderFamily } from './decoder-family'
import { layered } from './norms'

export const nemotron = decoderFamily({
  files,
  norm: layered(files.normOffset),
  biased: (config) => biasedBy(config, allModules),
  activation: squaredRelu,
})
