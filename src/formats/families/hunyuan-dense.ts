// The files of Hunyuan without experts.
import { decoderFiles } from './decoder'
import type { FamilyFiles } from './family-files'

export const hunyuanDense: FamilyFiles = {
  ...decoderFiles,
  name: 'hunyuan-dense',
  label: 'Hunyuan',
  modelTypes: ['hunyuan_v1_dense'],
  architecture: 'HunYuanDenseV1ForCausalLM',
  defaults: { context: 2048, epsilon: 1e-5 },
  // transformers reads no number of experts in this family (configuration_hunyuan_v1_dense.py).
  computes: ['attention_bias', 'use_qk_norm', 'num_experts'],
  tensors: [
    ...decoderFiles.tensors,
    ['blk.{n}.attn_q_norm', 'model.layers.{n}.self_attn.query_layernorm'],
    ['blk.{n}.attn_k_norm', 'model.layers.{n}.self_attn.key_layernorm'],
  ],
}
