// Apertus: Llama without a gate, with the activation xIELU, whose slopes each layer has learned, and a norm on each head's queries and keys
// (Project Apertus 2025, arXiv 2509.14233, section 2; transformers modeling_apertus.py).
import { apertus as files } from '../formats/families/apertus'
import { xielu } from '../ops/xielu'
import { attentionModules, biasedBy, decoderFamily } from './decoder-family'
import type { TensorNeed } from './family'

const trained = (name: string): TensorNeed => ({ name, kind: 'vector', shape: [1] })
const constant = (name: string): TensorNeed => ({ name, kind: 'vector', shape: [], constant: true })

export const apertus = decoderFamily({
  files,
  names: { attentionNorm: 'attention_layernorm', feedForwardNorm: 'feedforward_layernorm' },
  biased: (config) => biasedBy(config, attentionModules),
  headNorms: { over: 'head' },
  activationTensors: [
    trained('mlp.act_fn.alpha_p'),
    trained('mlp.act_fn.alpha_n'),
    constant('mlp.act_fn.beta'),
    constant('mlp.act_fn.eps'),
  ],
  activation: (r, x, _config, vector) =>
    xielu(r, x, {
      alphaP: vector('mlp.act_fn.alpha_p'),
      alphaN: vector('mlp.act_fn.alpha_n'),
      beta: vector('mlp.act_fn.beta'),
      epsilon: vector('mlp.act_fn.eps'),
    }),
})
