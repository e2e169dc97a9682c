// Small complete models made in memory, for tests that change them.
import { type GgufEntry, type GgufTensorData, writeGguf } from '../gguf-write'
import { MemorySource } from '../memory-source'
import { writeSafetensors } from '../safetensors'
import { numbers } from './shared'

/** A Llama-family GGUF with one layer, hidden 32, 2 heads of 16, V = 8. */
export function smallGguf(extra: Record<string, GgufEntry> = {}, moreTensors: GgufTensorData[] = []): Uint8Array<ArrayBuffer> {
  const random = numbers(5)
  const tensor = (name: string, ...dimensions: number[]): GgufTensorData => {
    const values = Float32Array.from({ length: dimensions.reduce((a, b) => a * b, 1) }, () => random(1000) / 1000)
    return { name, dimensions, type: 0, bytes: new Uint8Array(values.buffer) }
  }
  const metadata: Record<string, GgufEntry> = {
    'general.architecture': { type: 'text', value: 'llama' },
    'general.name': { type: 'text', value: 'small' },
    'llama.block_count': { type: 'u32', value: 1 },
    'llama.embedding_length': { type: 'u32', value: 32 },
    'llama.feed_forward_length': { type: 'u32', value: 64 },
    'llama.attention.head_count': { type: 'u32', value: 2 },
    'llama.context_length': { type: 'u32', value: 64 },
    'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
    'tokenizer.ggml.model': { type: 'text', value: 'llama' },
    'tokenizer.ggml.tokens': { type: 'texts', value: ['<unk>', '<s>', '</s>', 'a', 'b', 'c', 'd', 'e'] },
    'tokenizer.ggml.scores': { type: 'f32s', value: [0, 0, 0, -1, -2, -3, -4, -5] },
    'tokenizer.ggml.token_type': { type: 'i32s', value: [2, 3, 3, 1, 1, 1, 1, 1] },
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
    ...extra,
  }
  const q8: GgufTensorData = { name: 'blk.0.ffn_down.weight', dimensions: [64, 32], type: 8, bytes: new Uint8Array(64 * 34).fill(1) }
  return writeGguf(metadata, [
    tensor('token_embd.weight', 32, 8),
    tensor('blk.0.attn_q.weight', 32, 32),
    tensor('blk.0.attn_q.bias', 32),
    q8,
    ...moreTensors,
  ])
}

export function smallFolder(): { config: MemorySource; weights: Uint8Array<ArrayBuffer> } {
  const config = { model_type: 'llama', num_hidden_layers: 1, hidden_size: 8, intermediate_size: 16, num_attention_heads: 2, vocab_size: 4 }
  const weights = writeSafetensors([
    { name: 'model.embed_tokens.weight', shape: [4, 8], data: new Float32Array(32).fill(1) },
    { name: 'model.norm.weight', shape: [8], data: new Uint8Array(16), dtype: 'BF16' },
  ])
  return { config: new MemorySource('config.json', new TextEncoder().encode(JSON.stringify(config))), weights }
}
