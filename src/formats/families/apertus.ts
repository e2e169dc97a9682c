// The files of Apertus.
import { say } from '../../config/phrase'
import { decoderFiles, decoderTensorNames, queryNorms } from './decoder'
import type { FamilyFiles } from './family-files'

export const apertus: FamilyFiles = {
  ...decoderFiles,
  name: 'apertus',
  label: 'Apertus',
  modelTypes: ['apertus'],
  architecture: 'ApertusForCausalLM',
  // transformers configuration_apertus.py.
  defaults: {
    tied: false,
    context: 65_536,
    epsilon: 1e-5,
    ropeTheta: 12_000_000,
    ropeScaling: { rope_type: 'llama3', factor: 8, original_max_position_embeddings: 8192, low_freq_factor: 1, high_freq_factor: 4 },
  },
  activation: 'xielu',
  computes: ['attention_bias'],
  tensors: [
    ...decoderTensorNames.filter(([name]) => !name.endsWith('ffn_gate')),
    ['blk.{n}.attn_norm', 'model.layers.{n}.attention_layernorm'],
    ['blk.{n}.ffn_norm', 'model.layers.{n}.feedforward_layernorm'],
    ...queryNorms,
  ],
  // Its activation's numbers are metadata there.
  noGguf: say`TabTune does not read or write GGUF files of Apertus`,
}
