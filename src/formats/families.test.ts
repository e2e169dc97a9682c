// What Hugging Face folders and GGUF files of different families have of their own.
import { describe, expect, it } from 'vitest'
import { turned } from './conv1d'
import { ggufName, hfName } from './gguf-names'
import { type GgufEntry, type GgufTensorData, writeGguf } from './gguf-write'
import { hfConfig } from './hf-config'
import { MemorySource } from './memory-source'
import type { TensorEntry } from './model-file'
import { openModel } from './open-model'
import { toHalf } from './quant/half'
import { writeSafetensors } from './safetensors'

function matrix(rows: number, cols: number, format: 'f32' | 'f16'): TensorEntry {
  const values = Float32Array.from({ length: rows * cols }, (_, i) => i)
  const bytes = new Uint8Array(format === 'f32' ? values.buffer : Uint16Array.from(values, toHalf).buffer)
  const row = bytes.length / rows
  return {
    name: 'm',
    shape: [rows, cols],
    format,
    sizeBytes: bytes.length,
    readRows: async (start, count) => bytes.slice(start * row, (start + count) * row),
  }
}

describe('turned', () => {
  for (const format of ['f32', 'f16'] as const)
    it(`${format}: any rows of the transposed matrix`, async () => {
      const entry = turned(matrix(5, 7, format))
      expect(entry.shape).toEqual([7, 5])
      for (const [start, count] of [
        [0, 7],
        [2, 3],
        [6, 1],
      ] as const) {
        const bytes = await entry.readRows(start, count)
        const expected = Array.from({ length: count * 5 }, (_, i) => (i % 5) * 7 + start + Math.floor(i / 5))
        expect([...(format === 'f32' ? new Float32Array(bytes.buffer) : new Uint16Array(bytes.buffer))]).toEqual(
          format === 'f32' ? expected : expected.map(toHalf),
        )
      }
    })

  it('reads a large matrix in pieces of at most 16 MiB, and gets the same', async () => {
    const [rows, cols] = [64, 100_000]
    const sizes: number[] = []
    const large = matrix(rows, cols, 'f32')
    const entry = turned({
      ...large,
      async readRows(start, count) {
        sizes.push(count * cols * 4)
        return large.readRows(start, count)
      },
    })
    const last = new Float32Array((await entry.readRows(cols - 1, 1)).buffer)
    expect([...last]).toEqual(Array.from({ length: rows }, (_, i) => Math.fround(i * cols + cols - 1)))
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(16 << 20)
  })

  it('leaves tensors that are not matrices of plain numbers', () => {
    const vector: TensorEntry = { ...matrix(1, 4, 'f32'), shape: [4] }
    const packed: TensorEntry = { ...matrix(2, 32, 'f32'), format: 'q8_0' }
    expect([turned(vector), turned(packed)]).toEqual([vector, packed])
  })
})

describe('names', () => {
  it.each([
    ['llama', 'blk.3.ffn_norm.weight', 'model.layers.3.post_attention_layernorm.weight'],
    ['qwen3', 'blk.3.attn_k_norm.weight', 'model.layers.3.self_attn.k_norm.weight'],
    ['gemma2', 'blk.3.ffn_norm.weight', 'model.layers.3.pre_feedforward_layernorm.weight'],
    ['gemma3', 'blk.3.post_attention_norm.weight', 'model.layers.3.post_attention_layernorm.weight'],
    ['gemma3', 'blk.3.post_ffw_norm.weight', 'model.layers.3.post_feedforward_layernorm.weight'],
    ['gpt2', 'blk.11.attn_qkv.bias', 'transformer.h.11.attn.c_attn.bias'],
    ['gpt2', 'blk.0.ffn_down.weight', 'transformer.h.0.mlp.c_proj.weight'],
    ['gpt2', 'position_embd.weight', 'transformer.wpe.weight'],
    ['gpt2', 'output_norm.bias', 'transformer.ln_f.bias'],
  ])('%s: %s', (family, gguf, hf) => {
    expect([hfName(family, gguf), ggufName(family, hf)]).toEqual([hf, gguf])
  })
})

const gemma3 = {
  model_type: 'gemma3_text',
  num_hidden_layers: 2,
  hidden_size: 8,
  intermediate_size: 16,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  vocab_size: 4,
}

describe('config.json', () => {
  it('Gemma 3 as transformers 4 and 5 write it', () => {
    const old = hfConfig('c', { ...gemma3, rope_theta: 1e6, rope_scaling: { rope_type: 'linear', factor: 8 }, rope_local_base_freq: 1e4 })
    const full = { rope_type: 'linear', factor: 8, rope_theta: 1e6 }
    const now = hfConfig('c', {
      ...gemma3,
      rope_parameters: { full_attention: full, sliding_attention: { rope_type: 'default', rope_theta: 1e4 } },
    })
    for (const config of [old, now]) {
      expect(config).toMatchObject({
        family: 'gemma3',
        headDim: 256,
        ropeTheta: 1e6,
        tied: true,
        context: 131_072,
        hiddenAct: 'gelu_pytorch_tanh',
      })
      expect(config.ropeFactors).toEqual(new Array(128).fill(8))
    }
    expect(hfConfig('c', gemma3).ropeTheta).toBe(1e6)
  })

  it("the keys of another family's class say nothing", () => {
    const gpt2 = { model_type: 'gpt2', n_layer: 1, n_embd: 8, n_head: 2, vocab_size: 4 }
    const strays = { rms_norm_eps: 0.3, layer_norm_eps: 0.5, hidden_act: 'relu', intermediate_size: 5, head_dim: 6, num_key_value_heads: 1 }
    expect(hfConfig('c', { ...gpt2, ...strays })).toEqual({ ...hfConfig('c', gpt2), raw: { ...gpt2, ...strays } })
    const llama = { ...gemma3, model_type: 'llama' }
    const others = { layer_norm_epsilon: 0.5, hidden_activation: 'gelu', activation_function: 'relu', n_inner: 3, n_positions: 9 }
    expect(hfConfig('c', { ...llama, ...others })).toEqual({ ...hfConfig('c', llama), raw: { ...llama, ...others } })
  })

  it('rope_scaling takes precedence over rope_parameters if it is set', () => {
    const llama = { ...gemma3, model_type: 'llama', rope_theta: 777, rope_parameters: { rope_type: 'linear', factor: 4, rope_theta: 5 } }
    const scaled = hfConfig('c', { ...llama, rope_scaling: { type: 'linear', factor: 2 } })
    expect([scaled.ropeTheta, scaled.ropeFactors]).toEqual([777, [2, 2]])
    for (const rope_scaling of [null, {}]) {
      const { ropeTheta, ropeFactors } = hfConfig('c', { ...llama, rope_scaling })
      expect([ropeTheta, ropeFactors]).toEqual([5, [4, 4]])
    }
  })

  it('a size that is derived is named by what it is derived from', () => {
    expect(() => hfConfig('c', { ...gemma3, model_type: 'llama', hidden_size: 10 })).toThrow(
      'c: hidden_size / num_attention_heads: expected an even number, got 5.',
    )
    // GPT-2 turns no pairs.
    expect(hfConfig('c', { model_type: 'gpt2', n_layer: 1, n_embd: 10, n_head: 2, vocab_size: 4 }).headDim).toBe(5)
  })

  it('activations that a family does not have are refused; other names for its own are accepted', () => {
    const gpt2 = { model_type: 'gpt2', n_layer: 1, n_embd: 8, n_head: 2, vocab_size: 4 }
    expect(hfConfig('c', { ...gpt2, activation_function: 'gelu_pytorch_tanh' })).toMatchObject({
      intermediate: 32,
      context: 1024,
      tied: true,
      normEpsilon: 1e-5,
    })
    expect(() => hfConfig('c', { ...gpt2, activation_function: 'relu' })).toThrow(
      'c: expected the activation gelu_new of gpt2 models, got relu. Choose another model.',
    )
    // Gemma 2's class reads hidden_activation only.
    expect(hfConfig('c', { ...gemma3, model_type: 'gemma2', hidden_act: 'gelu', hidden_activation: null }).hiddenAct).toBe(
      'gelu_pytorch_tanh',
    )
  })
})

it("GPT-2's first files: names without transformer., masks among the weights, a head beside the embedding", async () => {
  const config = { model_type: 'gpt2', n_layer: 1, n_embd: 4, n_head: 2, vocab_size: 3, n_positions: 8 }
  const tensor = (name: string, ...shape: number[]) => ({
    name,
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
  })
  const weights = writeSafetensors([
    tensor('wte.weight', 3, 4),
    tensor('lm_head.weight', 3, 4),
    tensor('h.0.attn.bias', 1, 1, 8, 8),
    tensor('h.0.attn.c_attn.weight', 4, 12),
    tensor('h.0.attn.c_attn.bias', 12),
  ])
  const source = (name: string, bytes: Uint8Array) => new MemorySource(name, bytes)
  const model = await openModel([
    source('config.json', new TextEncoder().encode(JSON.stringify(config))),
    source('model.safetensors', weights),
  ])
  expect([...model.tensors].map(([name, { shape }]) => [name, shape]).sort()).toEqual([
    ['transformer.h.0.attn.c_attn.bias', [12]],
    ['transformer.h.0.attn.c_attn.weight', [12, 4]],
    ['transformer.wte.weight', [3, 4]],
  ])
})

it("Gemma's norms lose the 1 that GGUF adds, and nothing else does", async () => {
  const u32 = (value: number): GgufEntry => ({ type: 'u32', value })
  const metadata: Record<string, GgufEntry> = {
    'general.architecture': { type: 'text', value: 'gemma2' },
    'gemma2.block_count': u32(1),
    'gemma2.embedding_length': u32(4),
    'gemma2.feed_forward_length': u32(8),
    'gemma2.attention.head_count': u32(1),
    'gemma2.attention.key_length': u32(8),
    'gemma2.context_length': u32(16),
    'gemma2.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-6 },
    'gemma2.attn_logit_softcapping': { type: 'f32', value: 50 },
  }
  const tensor = (name: string, dimensions: number[], values: number[]): GgufTensorData => ({
    name,
    dimensions,
    type: 0,
    bytes: new Uint8Array(Float32Array.from(values).buffer),
  })
  const model = await openModel([
    new MemorySource(
      'g.gguf',
      writeGguf(metadata, [tensor('token_embd.weight', [4, 1], [1, 2, 3, 4]), tensor('blk.0.post_ffw_norm.weight', [4], [1, 1.5, 0, 3])]),
    ),
  ])
  const read = async (name: string) => [...new Float32Array((await model.tensors.get(name)!.readRows(0, 1)).buffer)]
  expect(await read('model.layers.0.post_feedforward_layernorm.weight')).toEqual([0, 0.5, -1, 2])
  expect(await read('model.embed_tokens.weight')).toEqual([1, 2, 3, 4])
  expect(model.config).toMatchObject({ headDim: 8, hiddenAct: 'gelu_pytorch_tanh', tied: true })
})

describe('a tied flag', () => {
  const config = { model_type: 'llama', num_hidden_layers: 1, hidden_size: 4, intermediate_size: 8, num_attention_heads: 2, vocab_size: 3 }
  const table = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
  const half = (values: number[]) => new Uint8Array(Uint16Array.from(values, toHalf).buffer)
  type Tensor = { name: string; shape: number[]; data: Float32Array | Uint8Array; dtype?: 'F16' }
  async function tied(flag: boolean, head: Omit<Tensor, 'name'>): Promise<[boolean, string[]]> {
    const tensors = [
      { name: 'model.embed_tokens.weight', shape: [3, 4], data: Float32Array.from(table) },
      { name: 'lm_head.weight', ...head },
    ]
    const json = new TextEncoder().encode(JSON.stringify({ ...config, tie_word_embeddings: flag }))
    const model = await openModel([
      new MemorySource('config.json', json),
      new MemorySource('model.safetensors', writeSafetensors(tensors as Parameters<typeof writeSafetensors>[0])),
    ])
    return [model.config.tied, [...model.tensors.keys()].sort()]
  }
  const both = ['lm_head.weight', 'model.embed_tokens.weight']

  it('with two equal tables, one of them is kept, whatever their types', async () => {
    expect(await tied(true, { shape: [3, 4], data: Float32Array.from(table) })).toEqual([true, both.slice(1)])
    expect(await tied(true, { shape: [3, 4], data: half(table), dtype: 'F16' })).toEqual([true, both.slice(1)])
  })

  it('with two tables that differ in one number, nothing is tied, as in transformers 5', async () => {
    const other = Float32Array.from(table.with(11, 12.5))
    expect(await tied(true, { shape: [3, 4], data: other })).toEqual([false, both])
  })

  it('that is not set leaves two equal tables as they are', async () => {
    expect(await tied(false, { shape: [3, 4], data: Float32Array.from(table) })).toEqual([false, both])
  })
})
