// Persimmon: layer norms, also on each head's queries and keys, the square of ReLU without a gate, biases everywhere, rotary embeddings over
// half of each head (transformers modeling_persimmon.py).
import { persimmon as files } from '../formats/families/persimmon'
import { squaredRelu } from '../ops/activate'
import { decoderFamily } from './decoder-family'
import { layered } from './norms'

const names = {
  norm: 'model.final_layernorm',
  qkv: 'self_attn.query_key_value',
  o: 'self_attn.dense',
  qNorm: 'self_attn.q_layernorm',
  kNorm: 'self_attn.k_layernorm',
  up: 'mlp.dense_h_to_4h',
  down: 'mlp.dense_4h_to_h',
}

export const persimmon = decoderFamily({
  files,
  names,
  norm: layered(),
  biased: () => [names.qkv, names.o, names.up, names.down],
  headNorms: { over: 'head' },
  joined: 'groups',
  activation: squaredRelu,
})
