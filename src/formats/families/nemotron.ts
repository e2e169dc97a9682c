// The files of Nemotron 3 and 4 and Minitron.
import { decoderFiles, decoderTensorNames, layerNormGgufKeys, normsInFront } from './decoder'
import type { FamilyFiles } from './family-files'
import { checkOwnHead, checkSquare } from './setting'

export const nemotron: FamilyFiles = {
  ...decoderFiles,
  ggufLacks: undefined,
  name: 'nemotron',
  label: 'Nemotron',
  modelTypes: ['nemotron'],
  architecture: 'NemotronForCausalLM',
  configKeys: { ...decoderFiles.configKeys, normEpsilon: ['norm_eps'] },
  defaults: { context: 4096, epsilon: 1e-5 },
  activation: 'relu2',
  partialRotary: 0.5,
  computes: ['attention_bias'],
  tensors: [...decoderTensorNames.filter(([name]) => !name.endsWith('ffn_gate')), ...normsInFront],
  // gguf-py adds 1 to the weights of its layer norms.
  normOffset: 1,
  ggufKeys: layerNormGgufKeys,
  ggufSettings(config) {
    checkOwnHead(config)
    checkSquare(config)
    return {}
  },
}
