// The files of OPT.
import { say } from '../../config/phrase'
import { decoderFiles, sizeKeys } from './decoder'
import type { FamilyFiles } from './family-files'

export const opt: FamilyFiles = {
  ...decoderFiles,
  name: 'opt',
  label: 'OPT',
  modelTypes: ['opt'],
  noMlx: say`expected a model that mlx-lm knows, got an OPT model`,
  architecture: 'OPTForCausalLM',
  configKeys: {
    ...decoderFiles.configKeys,
    intermediate: ['ffn_dim'],
    kvHeads: [],
    headDim: [],
    hiddenAct: ['activation_function'],
    normEpsilon: [],
  },
  defaults: { tied: true, context: 2048, epsilon: 1e-5 },
  activation: 'relu',
  rotary: false,
  noGguf: say`llama.cpp has no OPT`,
  tensors: [
    ['token_embd', 'model.decoder.embed_tokens'],
    ['position_embd', 'model.decoder.embed_positions'],
    ['output_norm', 'model.decoder.final_layer_norm'],
    ['output', 'lm_head'],
    ['blk.{n}.attn_norm', 'model.decoder.layers.{n}.self_attn_layer_norm'],
    ['blk.{n}.attn_q', 'model.decoder.layers.{n}.self_attn.q_proj'],
    ['blk.{n}.attn_k', 'model.decoder.layers.{n}.self_attn.k_proj'],
    ['blk.{n}.attn_v', 'model.decoder.layers.{n}.self_attn.v_proj'],
    ['blk.{n}.attn_output', 'model.decoder.layers.{n}.self_attn.out_proj'],
    ['blk.{n}.ffn_norm', 'model.decoder.layers.{n}.final_layer_norm'],
    ['blk.{n}.ffn_up', 'model.decoder.layers.{n}.fc1'],
    ['blk.{n}.ffn_down', 'model.decoder.layers.{n}.fc2'],
  ],
  ggufKeys: [...sizeKeys, ['attention.layer_norm_epsilon', 'f32', 'normEpsilon']],
}
