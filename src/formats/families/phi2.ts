// The files of Phi-1, Phi-1.5 and Phi-2.
import { decoderFiles, layerNormGgufKeys } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkOwnHead } from './setting'

export const phi2: FamilyFiles = {
  ...decoderFiles,
  ggufLacks: undefined,
  name: 'phi2',
  label: 'Phi-2',
  modelTypes: ['phi'],
  architecture: 'PhiForCausalLM',
  configKeys: { ...decoderFiles.configKeys, headDim: [], normEpsilon: ['layer_norm_eps'] },
  defaults: { context: 2048, epsilon: 1e-5 },
  activation: 'gelu_new',
  partialRotary: 0.5,
  computes: ['attention_bias'],
  tensors: [
    ['token_embd', 'model.embed_tokens'],
    ['output_norm', 'model.final_layernorm'],
    ['output', 'lm_head'],
    ['blk.{n}.attn_norm', 'model.layers.{n}.input_layernorm'],
    ['blk.{n}.attn_q', 'model.layers.{n}.self_attn.q_proj'],
    ['blk.{n}.attn_k', 'model.layers.{n}.self_attn.k_proj'],
    ['blk.{n}.attn_v', 'model.layers.{n}.self_attn.v_proj'],
    ['blk.{n}.attn_output', 'model.layers.{n}.self_attn.dense'],
    ['blk.{n}.ffn_up', 'model.layers.{n}.mlp.fc1'],
    ['blk.{n}.ffn_down', 'model.layers.{n}.mlp.fc2'],
  ],
  ggufKeys: layerNormGgufKeys,
  ggufSettings(config) {
    checkOwnHead(config)
    return {}
  },
}
