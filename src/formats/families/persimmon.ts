// The files of Persimmon.
import { say } from '../../config/phrase'
import { decoderFiles, decoderTensorNames, layerNormGgufKeys, normsInFront } from './decoder'
import type { FamilyFiles } from './family-files'

export const persimmon: FamilyFiles = {
  ...decoderFiles,
  name: 'persimmon',
  label: 'Persimmon',
  modelTypes: ['persimmon'],
  architecture: 'PersimmonForCausalLM',
  configKeys: { ...decoderFiles.configKeys, kvHeads: [], headDim: [], normEpsilon: ['layer_norm_eps'] },
  defaults: { context: 16_384, epsilon: 1e-5 },
  activation: 'relu2',
  partialRotary: 0.5,
  computes: ['qk_layernorm'],
  tensors: [
    ...decoderTensorNames.filter(([name]) => !/attn_|ffn_|output_norm/.test(name)),
    ['output_norm', 'model.final_layernorm'],
    ...normsInFront,
    ['blk.{n}.attn_qkv', 'model.layers.{n}.self_attn.query_key_value'],
    ['blk.{n}.attn_q_norm', 'model.layers.{n}.self_attn.q_layernorm'],
    ['blk.{n}.attn_k_norm', 'model.layers.{n}.self_attn.k_layernorm'],
    ['blk.{n}.attn_output', 'model.layers.{n}.self_attn.dense'],
    ['blk.{n}.ffn_up', 'model.layers.{n}.mlp.dense_h_to_4h'],
    ['blk.{n}.ffn_down', 'model.layers.{n}.mlp.dense_4h_to_h'],
  ],
  ggufKeys: layerNormGgufKeys,
  noGguf: say`TabTune does not read or write GGUF files of Persimmon`,
}
