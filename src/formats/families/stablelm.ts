// The files of StableLM 2 and StableLM 3B.
import { decoderFiles, layerNormGgufKeys } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkOwnHead } from './setting'

export const stablelm: FamilyFiles = {
  ...decoderFiles,
  name: 'stablelm',
  label: 'StableLM',
  modelTypes: ['stablelm', 'stablelm_epoch'],
  architecture: 'StableLmForCausalLM',
  configKeys: { ...decoderFiles.configKeys, normEpsilon: ['layer_norm_eps', 'norm_eps'] },
  defaults: { context: 4096, epsilon: 1e-5 },
  partialRotary: 0.25,
  ggufKeys: layerNormGgufKeys,
  ggufSettings(config) {
    checkOwnHead(config)
    return { use_parallel_residual: false }
  },
  ownSettings: ({ raw }) => ({ use_qkv_bias: raw.use_qkv_bias === true }),
}
