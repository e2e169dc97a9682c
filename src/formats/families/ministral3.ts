// The files of Ministral 3, and of the text part of Mistral 3.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import { ropeParameters } from '../rope-factors'
import { aPositive, isPositive, oddSetting } from '../setting-kinds'
import { decoderFiles } from './decoder'
import type { FamilyFiles, LayerAttention } from './family-files'
import { numberSetting } from './setting'

/** The window of every layer; null means none. */
export const attention = (config: ModelConfig): LayerAttention => ({ window: numberSetting(config, 'sliding_window', '', 0) || undefined })

/** How queries grow with their position (`llama_4_scaling_beta`), whatever the rotary scaling; undefined if they do not. @throws FormatError */
export function growth({ raw, rope }: ModelConfig): { beta: number; every: number } | undefined {
  const settings = rope?.settings ?? ropeParameters(raw) ?? {}
  const { llama_4_scaling_beta: beta, original_max_position_embeddings: every } = settings
  if (!beta) return undefined
  if (isPositive(beta) && isPositive(every)) return { beta, every }
  throw oddSetting('rope_parameters', 'original_max_position_embeddings', aPositive, every)
}

export const ministral3: FamilyFiles = {
  ...decoderFiles,
  name: 'ministral3',
  label: 'Ministral 3',
  modelTypes: ['ministral3'],
  architecture: 'Ministral3ForCausalLM',
  inside: { Mistral3ForConditionalGeneration: ['ministral3', 'Ministral3ForCausalLM'] },
  // transformers configuration_ministral3.py.
  defaults: {
    context: 262_144,
    epsilon: 1e-5,
    headDim: 128,
    kvHeads: 8,
    ropeTheta: 1_000_000,
    ropeScaling: {
      rope_type: 'yarn',
      factor: 16,
      original_max_position_embeddings: 16_384,
      mscale: 1,
      mscale_all_dim: 1,
      llama_4_scaling_beta: 0.1,
    },
  },
  noGguf: say`TabTune does not read or write GGUF files of Ministral 3`,
}
