// What GGUF metadata say of each family's own settings, and what they cannot say.
import { describe, expect, it } from 'vitest'
import { filesOf } from '../formats/families/registry'
import type { ModelConfig } from '../formats/model-file'
import { randomModel } from './random-model'

type Written = Readonly<Record<string, number | boolean>> | undefined

function settingsOf(family: string, raw: Record<string, unknown>, more: Partial<ModelConfig> = {}): Written {
  const shape = { family, layers: 4, hidden: 16, intermediate: 16, heads: 2, vocab: 8, context: 64 }
  const config: ModelConfig = { ...randomModel('m', shape).config, raw: { model_type: family, query_pre_attn_scalar: 8, ...raw }, ...more }
  return filesOf(family).ggufSettings?.(config)
}

describe('written', () => {
  it("Gemma 2's caps and windows", () => {
    expect(settingsOf('gemma2', { sliding_window: 32, final_logit_softcapping: 20 })).toEqual({
      'attention.sliding_window': 32,
      'attention.sliding_window_pattern': 2,
      attn_logit_softcapping: 50,
      final_logit_softcapping: 20,
    })
  })

  it.each([
    [{ sliding_window: 32, sliding_window_pattern: 3 }, 3, 10_000],
    [{ sliding_window: 32, layer_types: ['sliding_attention', 'full_attention', 'sliding_attention', 'full_attention'] }, 2, 10_000],
    [{ sliding_window: 32, sliding_window_pattern: 3, rope_local_base_freq: 5000 }, 3, 5000],
  ])("Gemma 3's windows and their rotary base, from %j", (raw, period, theta) => {
    expect(settingsOf('gemma3', raw)).toEqual({
      'attention.sliding_window': 32,
      'attention.sliding_window_pattern': period,
      'rope.freq_base_swa': theta,
    })
  })

  it('nothing more for the other families', () => {
    expect(settingsOf('gpt2', { scale_attn_weights: true, scale_attn_by_inverse_layer_idx: false })).toEqual({})
    expect(settingsOf('qwen2', { use_sliding_window: false, sliding_window: 8 })).toEqual({})
    expect(settingsOf('llama', {})).toEqual({})
    expect(settingsOf('seed_oss', {})).toBeUndefined()
    // A window as long as the context changes nothing.
    expect(settingsOf('starcoder2', { sliding_window: 64 })).toEqual({})
  })
})

it.each([
  ['gemma2', { query_pre_attn_scalar: 16 }, /query_pre_attn_scalar: expected 8, because llama\.cpp computes nothing else, got 16/],
  ['gemma2', { attn_logit_softcapping: null }, /attn_logit_softcapping/],
  ['gemma3', { final_logit_softcapping: 30 }, /final_logit_softcapping: expected none/],
  ['gemma3', { layer_types: ['full_attention', 'sliding_attention', 'sliding_attention', 'sliding_attention'] }, /layer_types/],
  ['gemma3', { sliding_window: null }, /sliding_window: expected one for some layers, .* got none/],
  ['olmo2', { attention_bias: true }, /attention_bias: expected false, because llama\.cpp computes nothing else, got true/],
  ['olmo2', {}, /tie_word_embeddings: expected false, .* got true/],
  ['gpt2', { scale_attn_by_inverse_layer_idx: true }, /scale_attn_by_inverse_layer_idx: expected false/],
  ['gpt2', { scale_attn_weights: false }, /scale_attn_weights: expected true/],
  [
    'qwen3',
    { use_sliding_window: true, sliding_window: 8, max_window_layers: 1 },
    /sliding_window: expected none, .* got 8\. Merge into a folder/,
  ],
  // What llama.cpp's loaders need (src/models).
  ['nemotron', {}, /tie_word_embeddings: expected false, .* got true/],
  ['stablelm', {}, /tie_word_embeddings/],
  ['phi2', {}, /tie_word_embeddings/],
  ['gptneox', {}, /tie_word_embeddings/],
  ['starcoder2', { sliding_window: 32 }, /sliding_window: expected none, .* got 32/],
  ['starcoder2', { use_bias: false }, /use_bias: expected true, .* got false/],
] as const)('%s with %j is refused', (family, raw, message) => {
  expect(() => settingsOf(family, raw)).toThrow(message)
})

it("GPT-NeoX's ReLU is refused, and its GELU is not", () => {
  const own = { tied: false }
  expect(() => settingsOf('gptneox', {}, { ...own, hiddenAct: 'relu' })).toThrow(/hidden_act: expected gelu, .* got relu/)
  expect(settingsOf('gptneox', {}, { ...own, hiddenAct: 'gelu' })).toEqual({ use_parallel_residual: true })
})

// llama.cpp src/models/granite.cpp and exaone4.cpp; transformers configuration_granite.py and configuration_exaone4.py.
describe('keys that are absent', () => {
  const written = (family: string, raw: Record<string, unknown>) => settingsOf(family, {}, { raw, hidden: 32, headDim: 16, layers: 64 })

  it('Granite: a GGUF file has plain attention then, and a config.json has a factor of 1', () => {
    const ones = { embedding_scale: 1, residual_scale: 1, logit_scale: 1 }
    expect(written('granite', {})).toEqual({ ...ones, 'attention.scale': 0.25 })
    expect(written('granite', { 'granite.attention.scale': 0, 'granite.logit_scale': 8 })).toEqual({
      ...ones,
      'attention.scale': 0.25,
      logit_scale: 8,
    })
    expect(written('granite', { model_type: 'granite' })).toEqual({ ...ones, 'attention.scale': 1 })
  })

  it('EXAONE 4: a GGUF file has no windows then, and a config.json has those of 4096 tokens', () => {
    expect(written('exaone4', {})).toEqual({})
    expect(written('exaone4', { model_type: 'exaone4', sliding_window: null })).toEqual({})
    expect(written('exaone4', { model_type: 'exaone4' })).toEqual({ 'attention.sliding_window': 4096 })
  })
})

it.each(['command-r', 'cohere2', 'exaone4', 'olmo', 'olmo2', 'nemotron'])('%s with wider heads is refused', (family) =>
  expect(() => settingsOf(family, {}, { headDim: 32, tied: false })).toThrow(/head_dim: expected 8, .* got 32/),
)

it.each([
  ['llama', 'blk.0.attn_output.bias', false],
  ['granite', 'blk.0.ffn_up.bias', false],
  ['starcoder2', 'blk.0.ffn_down.bias', false],
  ['ernie4_5', 'blk.0.attn_output.bias', false],
  ['ernie4_5', 'blk.0.ffn_up.bias', true],
  ['qwen2', 'blk.0.attn_q.bias', false],
  ['qwen3', 'blk.0.attn_output.bias', true],
  ['seed_oss', 'blk.0.attn_output.bias', true],
  ['arcee', 'blk.3.ffn_up.bias', true],
  ['command-r', 'output.weight', true],
  ['command-r', 'blk.0.attn_output.weight', false],
])('%s: whether llama.cpp lacks %s', (family, name, lacks) => expect(filesOf(family).ggufLacks?.test(name) ?? false).toBe(lacks))
