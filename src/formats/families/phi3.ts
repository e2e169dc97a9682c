// The files of Phi-3, Phi-3.5 and Phi-4 (also mini) without experts.
import type { ModelConfig } from '../model-file'
import { decoderFiles, decoderTensorNames, normsInFront } from './decoder'
import type { FamilyFiles, LayerAttention, TensorName } from './family-files'
import { numberSetting } from './setting'

const parted = /attn_[qkv]$|ffn_(gate|up)$/
const joined: readonly TensorName[] = [
  ['blk.{n}.attn_qkv', 'model.layers.{n}.self_attn.qkv_proj'],
  ['blk.{n}.ffn_up', 'model.layers.{n}.mlp.gate_up_proj'],
]

/** The window of every layer; 0 and null mean none. */
export const attention = (config: ModelConfig): LayerAttention => ({
  window: numberSetting(config, 'sliding_window', 'attention.sliding_window', 0) || undefined,
})

export const phi3: FamilyFiles = {
  ...decoderFiles,
  name: 'phi3',
  label: 'Phi-3',
  modelTypes: ['phi3'],
  architecture: 'Phi3ForCausalLM',
  defaults: { context: 4096, epsilon: 1e-5 },
  partialRotary: 1,
  computes: ['attention.sliding_window', 'rope.scaling.attn_factor'],
  tensors: [...decoderTensorNames.filter(([name]) => !parted.test(name)), ...joined, ...normsInFront],
  // llama.cpp src/llama-vocab.cpp.
  ggufName: { name: /phi-?3/gi, instead: 'Phi', tokens: ['<unk>', '<s>', '</s>', '<|endoftext|>'] },
  ggufLongRope: true,
  ggufSettings: (config) => ({ 'attention.sliding_window': attention(config).window ?? 0 }),
  ownSettings: (config) => ({
    sliding_window: attention(config).window ?? null,
    ...(config.rope?.long && { original_max_position_embeddings: config.rope.long.beyond }),
  }),
}
