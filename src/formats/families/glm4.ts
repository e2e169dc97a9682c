// The files of GLM-4-0414.
import { decoderFiles, decoderTensorNames } from './decoder'
import type { FamilyFiles } from './family-files'

export const glm4: FamilyFiles = {
  ...decoderFiles,
  name: 'glm4',
  label: 'GLM-4',
  modelTypes: ['glm4'],
  architecture: 'Glm4ForCausalLM',
  defaults: { context: 131_072, epsilon: 1.5625e-7, headDim: 128 },
  partialRotary: 0.5,
  computes: ['attention_bias'],
  tensors: [
    ...decoderTensorNames.filter(([name]) => !/ffn_(gate|up)$/.test(name)),
    ['blk.{n}.ffn_up', 'model.layers.{n}.mlp.gate_up_proj'],
    ['blk.{n}.attn_norm', 'model.layers.{n}.input_layernorm'],
    ['blk.{n}.post_attention_norm', 'model.layers.{n}.post_self_attn_layernorm'],
    ['blk.{n}.ffn_norm', 'model.layers.{n}.post_attention_layernorm'],
    ['blk.{n}.post_ffw_norm', 'model.layers.{n}.post_mlp_layernorm'],
  ],
}
