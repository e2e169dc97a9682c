// The files of Mixtral: Mistral with experts. GGUF calls it llama too, with a number of experts.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { decoderFiles, decoderTensorNames, normsInFront, permutedQueries } from './decoder'
import { expertSettings, mixtureOf } from './experts'
import type { FamilyFiles, LayerAttention, Mixture } from './family-files'
import { checkUsual, numberSetting } from './setting'

export function attention(config: ModelConfig): LayerAttention {
  return { window: numberSetting(config, 'sliding_window', '', 0) || undefined }
}

const mixture = (config: ModelConfig): Mixture => mixtureOf(config, { count: 8, perToken: 2, normalised: 'always' })

export const mixtral: FamilyFiles = {
  ...decoderFiles,
  ggufLacks: undefined,
  name: 'mixtral',
  inGguf: { architecture: 'llama', is: (metadata) => Number(metadata['llama.expert_count'] ?? 0) > 0 },
  label: 'Mixtral',
  modelTypes: ['mixtral'],
  architecture: 'MixtralForCausalLM',
  defaults: { context: 131_072, epsilon: 1e-5, kvHeads: 8, ropeTheta: 1e6, intermediate: () => 14_336 },
  // llama.cpp reads no window for this architecture.
  computes: ['attention.sliding_window', ...expertSettings],
  tensors: [
    ...decoderTensorNames.filter(([gguf]) => !/ffn/.test(gguf)),
    ...normsInFront,
    ['blk.{n}.ffn_gate_inp', 'model.layers.{n}.block_sparse_moe.gate'],
  ],
  experts: {
    router: 'block_sparse_moe.gate',
    experts: 'block_sparse_moe.experts',
    names: { gate: 'w1', up: 'w3', down: 'w2' },
    joined: { 'mlp.experts.gate_up_proj': ['gate', 'up'], 'mlp.experts.down_proj': ['down'] },
    mixture,
  },
  otherNames: [[/\.mlp\.gate\.weight$/, '.block_sparse_moe.gate.weight']],
  permutedBy: permutedQueries,
  ggufRopeFactors: true,
  ggufSettings(config) {
    const { window } = attention(config)
    checkUsual('sliding_window', say`none`, window ?? say`none`, window === undefined)
    return {}
  },
  ownSettings(config) {
    const { count, perToken } = mixture(config)
    return { num_local_experts: count, num_experts_per_tok: perToken, sliding_window: null }
  },
}
