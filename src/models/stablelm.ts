// StableLM: Llama's architecture with layer norms, rotary embeddings over a quarter of each head, and in some models biases on q, k and v
// (Bellagente 2024, arXiv 2402.17834; transformers modeling_stablelm.py).
import { stablelm as files } from '../formats/families/stablelm'
import { decoderFamily } from './decoder-family'
import { layered } from './norms'

export const stablelm = decoderFamily({
  files,
  norm: layered(),
  biased: ({ raw }) =>
    !('model_type' in raw) || raw.use_qkv_bias === true ? ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'] : [],
})
