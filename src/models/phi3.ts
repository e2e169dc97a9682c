// Phi-3 to Phi-4: Llama's architecture with one linear layer for queries, keys and values and one for gate and up, and with rotary
// embeddings over a part of each head (Abdin 2024, arXiv 2404.14219; transformers modeling_phi3.py).
import { attention, phi3 as files } from '../formats/families/phi3'
import { decoderFamily } from './decoder-family'

export const phi3 = decoderFamily({ files, names: { qkv: 'self_attn.qkv_proj', gateUp: 'mlp.gate_up_proj' }, attention })
