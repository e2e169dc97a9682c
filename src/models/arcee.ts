// Arcee's AFM: Llama's architecture with the square of ReLU instead of a gate (transformers modeling_arcee.py).
import { arcee as files } from '../formats/families/arcee'
import { squaredRelu } from '../ops/activate'
import { allModules, biasedBy, decoderFamily } from './decoder-family'

export const arcee = decoderFamily({ files, biased: (config) => biasedBy(config, allModules), activation: squaredRelu })
