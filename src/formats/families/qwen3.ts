// The files of Qwen3 without experts. Their windows are those of Qwen2.
import { decoderFiles, queryNorms } from './decoder'
import type { FamilyFiles } from './family-files'
import { ggufSettings } from './qwen2'

/** transformers configuration_qwen3_vl.py. */
const ofPictures = { context: 128_000, ropeTheta: 500_000 }

export const qwen3: FamilyFiles = {
  ...decoderFiles,
  name: 'qwen3',
  label: 'Qwen3',
  modelTypes: ['qwen3', 'qwen3_vl', 'qwen3_vl_text'],
  inside: { Qwen3VLForConditionalGeneration: ['qwen3', 'Qwen3ForCausalLM'] },
  architecture: 'Qwen3ForCausalLM',
  defaults: { context: 32_768, headDim: 128 },
  defaultsOf: { qwen3_vl: ofPictures, qwen3_vl_text: ofPictures },
  windows: true,
  // llama.cpp reads no window for this architecture.
  computes: ['attention_bias', 'attention.sliding_window', 'qk_layernorm', 'use_qk_norm'],
  tensors: [...decoderFiles.tensors, ...queryNorms],
  ggufSettings,
}
