// The files of OLMo 2.
import { shown } from '../shown'
import { decoderFiles, decoderTensorNames, queryNorms } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkUsual } from './setting'

export const olmo2: FamilyFiles = {
  ...decoderFiles,
  name: 'olmo2',
  label: 'OLMo 2',
  modelTypes: ['olmo2'],
  architecture: 'Olmo2ForCausalLM',
  defaults: { context: 2048, epsilon: 1e-5 },
  computes: ['attention_bias'],
  tensors: [
    ...decoderTensorNames,
    ...queryNorms,
    ['blk.{n}.post_attention_norm', 'model.layers.{n}.post_attention_layernorm'],
    ['blk.{n}.post_ffw_norm', 'model.layers.{n}.post_feedforward_layernorm'],
  ],
  // llama.cpp's olmo2 reads a head of its own and square projections of queries, and adds no biases (src/models/olmo2.cpp).
  ggufSettings({ tied, heads, headDim, hidden, raw }) {
    checkUsual('attention_bias', false, shown(raw.attention_bias), raw.attention_bias !== true)
    checkUsual('head_dim', hidden / heads, headDim, headDim * heads === hidden)
    checkUsual('tie_word_embeddings', false, tied, !tied)
    return {}
  },
}
