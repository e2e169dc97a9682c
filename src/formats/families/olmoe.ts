// The files of OLMoE.
import type { ModelConfig } from '../model-file'
import { shown } from '../shown'
import { decoderFiles, queryNorms } from './decoder'
import { expertModules, expertSettings, mixtureOf, routerName } from './experts'
import type { FamilyFiles, Mixture } from './family-files'
import { checkOwnHead, checkSquare, checkUsual } from './setting'

const mixture = (config: ModelConfig): Mixture => mixtureOf(config, { count: 64, perToken: 8, normalised: { gguf: false } })

export const olmoe: FamilyFiles = {
  ...decoderFiles,
  name: 'olmoe',
  label: 'OLMoE',
  modelTypes: ['olmoe'],
  architecture: 'OlmoeForCausalLM',
  defaults: { context: 4096, epsilon: 1e-5, intermediate: () => 2048 },
  computes: ['attention_bias', ...expertSettings],
  tensors: [...decoderFiles.tensors, ...queryNorms, routerName],
  experts: { ...expertModules, mixture },
  // llama.cpp's olmoe reads a head of its own and square projections, adds no biases and does not normalise gates (src/models/olmoe.cpp).
  ggufSettings(config) {
    const { raw } = config
    checkUsual('attention_bias', false, shown(raw.attention_bias), raw.attention_bias !== true)
    checkUsual('norm_topk_prob', false, true, !mixture(config).normalised)
    checkUsual('num_key_value_heads', config.heads, config.kvHeads, config.kvHeads === config.heads)
    checkSquare(config)
    checkOwnHead(config)
    return {}
  },
  ownSettings(config) {
    const { count, perToken, normalised } = mixture(config)
    return { num_experts: count, num_experts_per_tok: perToken, norm_topk_prob: normalised }
  },
}
