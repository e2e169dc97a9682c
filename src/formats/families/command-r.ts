// The files of Command R and Aya.
import { floatNumber } from '../../config/exact-json'
import type { ModelConfig } from '../model-file'
import { decoderFiles, layerNormGgufKeys } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkSquare, positiveSetting } from './setting'

/** What the logits are multiplied by. */
export const logitScale = (config: ModelConfig): number => positiveSetting(config, 'logit_scale', 'logit_scale', 0.0625)

/** What the files of Command R and Command R7B share. Their blocks have one norm. */
export const commandFiles = {
  ...decoderFiles,
  configKeys: { ...decoderFiles.configKeys, normEpsilon: ['layer_norm_eps'] },
  defaults: { tied: true, context: 8192, epsilon: 1e-5 },
  computes: ['attention_bias', 'logit_scale'],
  tensors: decoderFiles.tensors.filter(([name]) => name !== 'blk.{n}.ffn_norm'),
  ggufLacks: /\.attn_output\.bias$|^output\.weight$/,
  ggufKeys: layerNormGgufKeys,
} as const satisfies Partial<FamilyFiles>

export const commandR: FamilyFiles = {
  ...commandFiles,
  name: 'command-r',
  label: 'Command R',
  modelTypes: ['cohere'],
  architecture: 'CohereForCausalLM',
  defaults: { ...commandFiles.defaults, ropeTheta: 500_000 },
  ggufSettings(config) {
    checkSquare(config)
    return { logit_scale: logitScale(config) }
  },
  ownSettings: (config) => ({ logit_scale: floatNumber(logitScale(config)) }),
}
