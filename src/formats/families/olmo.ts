// The files of OLMo 1. Its norms have no weights.
import { say } from '../../config/phrase'
import { decoderFiles, decoderTensorNames, layerNormGgufKeys, permutedQueries } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkSquare } from './setting'

export const olmo: FamilyFiles = {
  ...decoderFiles,
  name: 'olmo',
  label: 'OLMo',
  modelTypes: ['olmo'],
  noMlx: say`expected a model that mlx-lm reads from its Hugging Face folder, got OLMo 1`,
  architecture: 'OlmoForCausalLM',
  configKeys: { ...decoderFiles.configKeys, normEpsilon: [] },
  defaults: { context: 2048, epsilon: 1e-5 },
  computes: ['attention_bias'],
  tensors: decoderTensorNames.filter(([name]) => name !== 'output_norm'),
  permutedBy: permutedQueries,
  ggufKeys: layerNormGgufKeys,
  ggufSettings(config) {
    checkSquare(config)
    return {}
  },
}
