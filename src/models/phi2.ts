// Phi-1, Phi-1.5 and Phi-2: attention and feed-forward side by side behind one layer norm, biases everywhere, also on the head (Li 2023,
// arXiv 2309.05463, section 2.1; transformers modeling_phi.py).
import { phi2 as files } from '../formats/families/phi2'
import { gelu } from '../ops/gelu'
import { decoderFamily } from './decoder-family'
import { layered } from './norms'

const names = { norm: 'model.final_layernorm', o: 'self_attn.dense', up: 'mlp.fc1', down: 'mlp.fc2', feedForwardNorm: '' }

export const phi2 = decoderFamily({
  files,
  names,
  norm: layered(),
  order: () => 'parallel',
  biased: () => ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', names.o, names.up, names.down],
  headBias: true,
  activation: gelu,
})
