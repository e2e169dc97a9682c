// The files of CLIP (transformers' CLIPModel): a tower that sees pictures, one that reads texts, and a projection behind each.
import { say } from '../../config/phrase'
import type { FamilyFiles, TensorName } from './family-files'

/** Both towers are encoders with the same modules. Names in the style of llama.cpp's for its picture towers. */
const blocks = (gguf: string, tower: string): TensorName[] =>
  (
    [
      ['attn_norm', 'layer_norm1'],
      ['attn_q', 'self_attn.q_proj'],
      ['attn_k', 'self_attn.k_proj'],
      ['attn_v', 'self_attn.v_proj'],
      ['attn_output', 'self_attn.out_proj'],
      ['ffn_norm', 'layer_norm2'],
      ['ffn_up', 'mlp.fc1'],
      ['ffn_down', 'mlp.fc2'],
    ] as const
  ).map(([short, module]) => [`${gguf}.{n}.${short}`, `${tower}.encoder.layers.{n}.${module}`])

export const clip: FamilyFiles = {
  name: 'clip-model',
  label: 'CLIP',
  task: 'image-text',
  modelTypes: ['clip'],
  architecture: 'CLIPModel',
  // Those of each tower, in text_config and vision_config.
  configKeys: {
    hidden: ['hidden_size'],
    intermediate: ['intermediate_size'],
    layers: ['num_hidden_layers'],
    heads: ['num_attention_heads'],
    kvHeads: [],
    headDim: [],
    vocab: ['vocab_size'],
    context: ['max_position_embeddings'],
    hiddenAct: ['hidden_act'],
    normEpsilon: ['layer_norm_eps'],
  },
  defaults: { epsilon: 1e-5 },
  activation: 'quick_gelu',
  activations: ['gelu', 'gelu_pytorch_tanh'],
  rotary: false,
  windows: false,
  computes: [],
  tensors: [
    ['token_embd', 'text_model.embeddings.token_embedding'],
    ['output_norm', 'text_model.final_layer_norm'],
    // No checkpoint has a head. A linear probe trains one.
    ['output', 'classifier'],
    ['v.pre_norm', 'vision_model.pre_layrnorm'],
    ['v.post_norm', 'vision_model.post_layernorm'],
    ...blocks('v.blk', 'vision_model'),
    ...blocks('blk', 'text_model'),
  ],
  buffers: /\.embeddings\.position_ids$/,
  noGguf: say`llama.cpp does not read models that compare pictures with texts`,
  ggufKeys: [],
}
