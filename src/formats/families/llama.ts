// The files of Llama 1 to 3 and of models with the same architecture.
import { decoderFiles } from './decoder'
import type { FamilyFiles } from './family-files'

const projections = { q: 'heads', k: 'kvHeads' } as const

export const llama: FamilyFiles = {
  ...decoderFiles,
  name: 'llama',
  label: 'Llama',
  modelTypes: ['llama'],
  architecture: 'LlamaForCausalLM',
  // llama.cpp reads no window for this architecture.
  computes: ['attention_bias', 'attention.sliding_window'],
  permutedBy(name) {
    const which = /\.(q|k)_proj(\.weight|\.bias)?$/.exec(name)?.[1] as keyof typeof projections | undefined
    return which && projections[which]
  },
  ggufRopeFactors: true,
}
