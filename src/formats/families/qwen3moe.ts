// The files of Qwen3 with experts.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { decoderFiles, queryNorms } from './decoder'
import { expertModules, expertSettings, mixtureOf, routerName, sparseLayer } from './experts'
import type { FamilyFiles, LayerAttention, Mixture } from './family-files'
import { checkUsual, numberSetting } from './setting'

/** If the model uses windows, all layers have one (transformers modeling_qwen3_moe.py). */
export function attention(config: ModelConfig): LayerAttention {
  if (config.raw.use_sliding_window !== true) return {}
  return { window: numberSetting(config, 'sliding_window', '', 4096) || undefined }
}

const mixture = (config: ModelConfig): Mixture =>
  mixtureOf(config, { count: 128, perToken: 8, inner: ['moe_intermediate_size', 768], normalised: { gguf: true } })

export const qwen3moe: FamilyFiles = {
  ...decoderFiles,
  name: 'qwen3moe',
  label: 'Qwen3-MoE',
  modelTypes: ['qwen3_moe'],
  architecture: 'Qwen3MoeForCausalLM',
  defaults: { context: 32_768, kvHeads: 4, intermediate: () => 6144 },
  // llama.cpp reads no window for this architecture.
  computes: ['attention_bias', 'attention.sliding_window', 'qk_layernorm', 'use_qk_norm', ...expertSettings],
  tensors: [...decoderFiles.tensors, ...queryNorms, routerName],
  experts: { ...expertModules, mixture, in: sparseLayer },
  // llama.cpp's qwen3moe has experts in every layer and normalises their gates (src/models/qwen3moe.cpp).
  ggufSettings(config) {
    const { window } = attention(config)
    checkUsual('sliding_window', say`none`, window ?? say`none`, window === undefined)
    checkUsual('norm_topk_prob', true, false, mixture(config).normalised)
    const dense = Array.from({ length: config.layers }, (_, layer) => layer).find((layer) => !sparseLayer(config, layer))
    checkUsual('mlp_only_layers', say`none`, dense ?? say`none`, dense === undefined)
    return {}
  },
  ownSettings(config) {
    const { count, perToken, inner, normalised } = mixture(config)
    return {
      num_experts: count,
      num_experts_per_tok: perToken,
      moe_intermediate_size: inner,
      norm_topk_prob: normalised,
      decoder_sparse_step: 1,
      mlp_only_layers: [],
    }
  },
}
