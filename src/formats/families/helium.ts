// The files of Helium.
import { say } from '../../config/phrase'
import { decoderFiles } from './decoder'
import type { FamilyFiles } from './family-files'

export const helium: FamilyFiles = {
  ...decoderFiles,
  name: 'helium',
  label: 'Helium',
  modelTypes: ['helium'],
  architecture: 'HeliumForCausalLM',
  defaults: { context: 4096, epsilon: 1e-8, ropeTheta: 100_000 },
  computes: ['attention_bias'],
  noGguf: say`llama.cpp has no Helium`,
}
