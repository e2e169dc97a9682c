// GLM-4-0414: norms around each sub-layer, biases on q, k and v, one linear layer for gate and up, and rotary embeddings over half of each
// head with neighbours as pairs (transformers modeling_glm4.py).
import { glm4 as files } from '../formats/families/glm4'
import { isOn } from '../formats/families/setting'
import { decoderFamily } from './decoder-family'

export const glm4 = decoderFamily({
  files,
  names: { gateUp: 'mlp.gate_up_proj', behindAttention: 'post_self_attn_layernorm', behindFeedForward: 'post_mlp_layernorm' },
  order: () => 'around',
  biased: (config) => (isOn(config, 'attention_bias', true) ? ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'] : []),
  neighbours: true,
})
