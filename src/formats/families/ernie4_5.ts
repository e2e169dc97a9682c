// The files of ERNIE 4.5 without experts.
import { decoderFiles } from './decoder'
import type { FamilyFiles } from './family-files'

export const ernie4_5: FamilyFiles = {
  ...decoderFiles,
  ggufLacks: /\.ffn_\w+\.bias$/,
  name: 'ernie4_5',
  label: 'ERNIE 4.5',
  modelTypes: ['ernie4_5'],
  architecture: 'Ernie4_5ForCausalLM',
  defaults: { tied: true, context: 131_072, epsilon: 1e-5, headDim: 128, ropeTheta: 500_000 },
}
