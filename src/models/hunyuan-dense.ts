// Hunyuan without experts: Llama's architecture with norms on each head's queries and keys after they are rotated (transformers
// modeling_hunyuan_v1_dense.py).
import { hunyuanDense as files } from '../formats/families/hunyuan-dense'
import { attentionModules, biasedBy, decoderFamily } from './decoder-family'

export const hunyuanDense = decoderFamily({
  files,
  names: { qNorm: 'self_attn.query_layernorm', kNorm: 'self_attn.key_layernorm' },
  biased: (config) => biasedBy(config, attentionModules),
  headNorms: { over: 'head', rotatedFirst: true },
})
