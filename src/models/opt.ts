// OPT: layer norms, learned positions, ReLU without a gate, biases everywhere (Zhang 2022, arXiv 2205.01068, section 2.1; transformers
// modeling_opt.py). The table of positions begins two rows early, as in fairseq.
import { opt as files } from '../formats/families/opt'
import { reluOf } from '../ops/activate'
import { decoderFamily } from './decoder-family'
import { layered } from './norms'

const names = {
  embedding: 'model.decoder.embed_tokens',
  layers: 'model.decoder.layers',
  norm: 'model.decoder.final_layer_norm',
  o: 'self_attn.out_proj',
  up: 'fc1',
  down: 'fc2',
  attentionNorm: 'self_attn_layer_norm',
  feedForwardNorm: 'final_layer_norm',
}

export const opt = decoderFamily({
  files,
  names,
  norm: layered(),
  positions: { name: 'model.decoder.embed_positions', offset: 2 },
  biased: () => ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', names.o, names.up, names.down],
  activation: reluOf,
})
