// Qwen2 and Qwen2.5: Llama's architecture with biases on q, k and v (Yang 2024, arXiv 2407.10671, section 2.2).
import { attention, qwen2 as files } from '../formats/families/qwen2'
import { decoderFamily } from './decoder-family'

export const qwen2 = decoderFamily({ files, biased: () => ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'], attention })
