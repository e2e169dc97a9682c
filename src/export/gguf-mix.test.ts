// The types of a file's tensors, as llama.cpp v0.5.0 gave them to models of these shapes (e2e/interop/ggml_quantise.py compares whole files).
import { expect, it, test } from 'vitest'
import { ggufMixes } from '../config/run-reports'
import { sentence } from '../config/phrase'
import { mixFallbacks, mixMetadata, mixType } from './gguf-mix'

const shape = { layers: 9, heads: 4, kvHeads: 2 }
const ofLayers = (part: string, cols: number, config = shape) =>
  Array.from({ length: config.layers }, (_, i) =>
    mixType('q4_k_m', { name: `blk.${i}.${part}.weight`, dimensions: [cols, 64] }, config, false),
  ).join(' ')

const more = 'q6_k q4_k q4_k q6_k q4_k q4_k q6_k q6_k q6_k'

it.each([
  ['attn_v', 256, more],
  ['attn_qkv', 256, more],
  ['ffn_down', 512, more],
  ['ffn_down', 544, more.replaceAll('q6_k', 'q8_0').replaceAll('q4_k', 'q5_0')],
  ['ffn_down', 72, 'f16 f16 f16 f16 f16 f16 f16 f16 f16'],
  ['attn_q', 256, 'q4_k q4_k q4_k q4_k q4_k q4_k q4_k q4_k q4_k'],
  ['attn_q', 96, 'q5_0 q5_0 q5_0 q5_0 q5_0 q5_0 q5_0 q5_0 q5_0'],
])('Q4_K_M: %s with rows of %i weights', (part, cols, types) => {
  expect(ofLayers(part, cols)).toBe(types)
})

test('80 layers with shared value heads get Q5_K where others get Q4_K', () => {
  const large = { layers: 80, heads: 4, kvHeads: 2 }
  expect(ofLayers('attn_v', 256, large)).toMatch(/^(q6_k ){10}q5_k q5_k q6_k q5_k q5_k q6_k/)
  expect(ofLayers('ffn_down', 256, large)).toMatch(/^(q6_k ){10}q4_k q4_k q6_k q4_k q4_k q6_k/)
  expect(ofLayers('attn_v', 256, { ...large, kvHeads: 4 })).toMatch(/^(q6_k ){10}q4_k q4_k q6_k/)
})

test('the head gets more bits; so does the token embedding if it is the head', () => {
  const typeOf = (mix: (typeof ggufMixes)[number], name: string, cols: number, tied: boolean) =>
    mixType(mix, { name, dimensions: [cols, 320] }, shape, tied)
  expect(typeOf('q4_k_m', 'output.weight', 256, false)).toBe('q6_k')
  expect(typeOf('q4_k_m', 'token_embd.weight', 256, false)).toBe('q4_k')
  expect(typeOf('q4_k_m', 'token_embd.weight', 256, true)).toBe('q6_k')
  expect(typeOf('q4_k_m', 'token_embd.weight', 96, true)).toBe('q8_0')
  expect(typeOf('q4_0', 'output.weight', 256, false)).toBe('q6_k')
  expect(typeOf('q4_0', 'output.weight', 96, false)).toBe('q8_0')
  expect(typeOf('q8_0', 'output.weight', 256, false)).toBe('q8_0')
  expect(typeOf('q8_0', 'output.weight', 72, false)).toBe('f16')
})

test.each(ggufMixes)('%s: vectors, norms and learned positions stay in f32', (mix) => {
  for (const name of ['blk.0.attn_q.bias', 'output_norm.weight'])
    expect(mixType(mix, { name, dimensions: [256] }, shape, false)).toBe('f32')
  expect(mixType(mix, { name: 'position_embd.weight', dimensions: [256, 64] }, shape, true)).toBe('f32')
})

test('a file says its type', () => {
  expect(mixMetadata('f16')).toEqual({ 'general.file_type': { type: 'u32', value: 1 } })
  expect(mixMetadata('q4_k_m')['general.file_type']).toEqual({ type: 'u32', value: 15 })
  expect(mixMetadata('q4_k_m')['general.quantization_version']).toEqual({ type: 'u32', value: 2 })
})

test('matrices whose rows are not whole blocks are named with the type that they get', () => {
  const block = (n: number, part: string, cols: number) => ({ name: `blk.${n}.${part}.weight`, dimensions: [cols, 64] })
  const tensors = [
    ...[0, 1].flatMap((n) => [block(n, 'attn_q', 576), block(n, 'ffn_up', 576), block(n, 'ffn_gate', 512)]),
    { name: 'token_embd.weight', dimensions: [576, 320] },
    { name: 'output_norm.weight', dimensions: [576] },
  ]
  expect(mixFallbacks('q4_k_m', tensors, shape, true).map((words) => sentence(words))).toEqual([
    'GGUF: rows of 576 weights are not whole blocks of Q4_K, which have 256 weights. Matrices with such rows are Q5_0, as llama-quantize writes them: blk.*.attn_q.weight, blk.*.ffn_up.weight (4 in all).',
    'GGUF: rows of 576 weights are not whole blocks of Q6_K, which have 256 weights. Matrices with such rows are Q8_0, as llama-quantize writes them: token_embd.weight (1 in all).',
  ])
  expect(mixFallbacks('q8_0', tensors, shape, true)).toEqual([])
})
