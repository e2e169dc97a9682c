// OLMo 1: Llama's architecture with layer norms that have neither weights nor biases (Groeneveld 2024, arXiv 2402.00838, section 2.1).
import { olmo as files } from '../formats/families/olmo'
import { attentionModules, biasedBy, decoderFamily } from './decoder-family'
import { weightless } from './norms'

export const olmo = decoderFamily({ files, norm: weightless, biased: (config) => biasedBy(config, attentionModules) })
