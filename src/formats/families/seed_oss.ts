// The files of Seed-OSS.
import { decoderFiles, decoderTensorNames } from './decoder'
import type { FamilyFiles } from './family-files'

export const seedOss: FamilyFiles = {
  ...decoderFiles,
  name: 'seed_oss',
  label: 'Seed-OSS',
  modelTypes: ['seed_oss'],
  architecture: 'SeedOssForCausalLM',
  defaults: { context: 524_288, headDim: 128 },
  computes: ['attention_bias'],
  tensors: [
    ...decoderTensorNames,
    ['blk.{n}.attn_norm', 'model.layers.{n}.input_layernorm'],
    ['blk.{n}.post_attention_norm', 'model.layers.{n}.post_attention_layernorm'],
  ],
}
