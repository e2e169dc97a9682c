// The files of ViT (transformers' ViTForImageClassification). DeiT models without a distillation token are saved in the same way.
import { say } from '../../config/phrase'
import type { FamilyFiles } from './family-files'

export const vit: FamilyFiles = {
  name: 'vit',
  label: 'ViT',
  task: 'image-classification',
  modelTypes: ['vit'],
  architecture: 'ViTForImageClassification',
  configKeys: {
    hidden: ['hidden_size'],
    intermediate: ['intermediate_size'],
    layers: ['num_hidden_layers'],
    heads: ['num_attention_heads'],
    kvHeads: [],
    headDim: [],
    // A picture's positions and its classes follow from other keys.
    context: [],
    vocab: [],
    hiddenAct: ['hidden_act'],
    normEpsilon: ['layer_norm_eps'],
  },
  defaults: { epsilon: 1e-12 },
  activation: 'gelu',
  activations: ['gelu_pytorch_tanh'],
  rotary: false,
  windows: false,
  computes: [],
  // The first names are those of tables in language models: what the input becomes, and the head.
  tensors: [
    ['token_embd', 'vit.embeddings.patch_embeddings.projection'],
    ['output_norm', 'vit.layernorm'],
    ['output', 'classifier'],
    ['blk.{n}.attn_norm', 'vit.encoder.layer.{n}.layernorm_before'],
    ['blk.{n}.attn_q', 'vit.encoder.layer.{n}.attention.attention.query'],
    ['blk.{n}.attn_k', 'vit.encoder.layer.{n}.attention.attention.key'],
    ['blk.{n}.attn_v', 'vit.encoder.layer.{n}.attention.attention.value'],
    ['blk.{n}.attn_output', 'vit.encoder.layer.{n}.attention.output.dense'],
    ['blk.{n}.ffn_norm', 'vit.encoder.layer.{n}.layernorm_after'],
    ['blk.{n}.ffn_up', 'vit.encoder.layer.{n}.intermediate.dense'],
    ['blk.{n}.ffn_down', 'vit.encoder.layer.{n}.output.dense'],
  ],
  // transformers 5 has these names in memory, and in adapters (conversion_mapping.py, "ViTModel"). It writes models with the older ones.
  otherNames: [
    [/(^|\.)layers\.(?=\d)/, '$1encoder.layer.'],
    [/\.attention\.q_proj(?=\.|$)/, '.attention.attention.query'],
    [/\.attention\.k_proj(?=\.|$)/, '.attention.attention.key'],
    [/\.attention\.v_proj(?=\.|$)/, '.attention.attention.value'],
    [/\.attention\.o_proj(?=\.|$)/, '.attention.output.dense'],
    [/\.mlp\.fc1(?=\.|$)/, '.intermediate.dense'],
    [/\.mlp\.fc2(?=\.|$)/, '.output.dense'],
  ],
  // The mask of masked pictures and the pooler are parts of other heads.
  buffers: /(^|\.)embeddings\.mask_token$|(^|\.)pooler\./,
  noGguf: say`llama.cpp does not read models that sort pictures`,
  ggufKeys: [],
}
