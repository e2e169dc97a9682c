// The files of Arcee's AFM.
import { say } from '../../config/phrase'
import { decoderFiles, decoderTensorNames, normsInFront, permutedQueries } from './decoder'
import type { FamilyFiles } from './family-files'

export const arcee: FamilyFiles = {
  ...decoderFiles,
  name: 'arcee',
  label: 'Arcee',
  modelTypes: ['arcee'],
  noMlx: say`expected a model that mlx-lm knows, got an Arcee model`,
  architecture: 'ArceeForCausalLM',
  defaults: { context: 4096, epsilon: 1e-5 },
  activation: 'relu2',
  computes: ['attention_bias'],
  tensors: [...decoderTensorNames.filter(([name]) => !name.endsWith('ffn_gate')), ...normsInFront],
  permutedBy: permutedQueries,
  ggufRopeFactors: true,
}
