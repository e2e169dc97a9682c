// Which norms LN-tuning trains, and what of PEFT's LN_TUNING is refused by name.
import { describe, expect, test } from 'vitest'
import { MemorySource } from '../formats/memory-source'
import { writeSafetensors } from '../formats/safetensors'
import { planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { readAdapter, writeAdapter } from '../export/adapter'
import { methodBase } from './base'
import { lnTuning } from './ln-tuning'

function baseOf(family: string) {
  const shape = { family, layers: 1, hidden: 32, intermediate: 48, heads: 2, vocab: 40, context: 64 }
  return methodBase(planBase(randomModel('random', shape), 'f32', 2 ** 27), undefined)
}

const targets = (family: string, targetModules: string) =>
  lnTuning.toConfig({ targetModules, modulesToSave: '' }, baseOf(family)).target_modules

const read = (config: Record<string, unknown>, keys: readonly string[]) => {
  const json = { peft_type: 'LN_TUNING', task_type: 'CAUSAL_LM', ...config }
  const tensors = keys.map((key) => ({
    name: `base_model.model.model.${key}.ln_tuning_layers.weight`,
    shape: [32],
    data: new Float32Array(32).fill(2),
  }))
  return readAdapter(
    [
      new MemorySource('adapter_config.json', new TextEncoder().encode(JSON.stringify(json))),
      new MemorySource('adapter_model.safetensors', writeSafetensors(tensors)),
    ],
    baseOf('qwen3'),
  )
}

describe('the norms that are trained', () => {
  test.each([
    ['llama', ['input_layernorm', 'norm', 'post_attention_layernorm']],
    ['qwen3', ['input_layernorm', 'norm', 'post_attention_layernorm']],
    ['gemma3', ['input_layernorm', 'norm', 'post_attention_layernorm', 'post_feedforward_layernorm', 'pre_feedforward_layernorm']],
    ['gpt2', ['ln_1', 'ln_2', 'ln_f']],
  ])('of %s by itself: %j', (family, names) => expect(targets(family, 'auto')).toEqual(names))

  test('norms of queries and keys by their names', () => expect(targets('qwen3', 'q_norm, norm')).toEqual(['norm', 'q_norm']))

  test('a name that is not a norm is refused with a sentence', () =>
    expect(() => targets('qwen3', 'q_proj')).toThrow(
      'target modules: expected auto or norms among input_layernorm, post_attention_layernorm, q_norm, k_norm, norm, got q_proj. Correct the list.',
    ))
})

describe("PEFT's files", () => {
  test('only some norms, which are written again as they were', async () => {
    const adapter = await read({ target_modules: ['q_norm', 'norm'], exclude_modules: ['q_norm'] }, ['norm'])
    expect(adapter.settings).toEqual({ targetModules: 'norm', modulesToSave: '' })
    const files = await writeAdapter(adapter, baseOf('qwen3'))
    expect(JSON.parse(new TextDecoder().decode(files[0].bytes))).toMatchObject({ peft_type: 'LN_TUNING', target_modules: ['norm'] })
  })

  test.each<[string, Record<string, unknown>, string[], string]>([
    [
      'a linear layer',
      { target_modules: ['norm', 'q_proj'] },
      ['norm', 'layers.0.self_attn.q_proj'],
      'norms of random, got model.layers.0.self_attn.q_proj, which LN-tuning does not train in TabTune',
    ],
    ['a norm without a tensor', { target_modules: ['norm', 'q_norm'] }, ['norm'], 'got none for model.layers.0.self_attn.q_norm'],
    [
      'a whole block copied',
      { modules_to_save: ['mlp'], target_modules: ['norm'] },
      ['norm'],
      'modules_to_save: expected embed_tokens or lm_head, got mlp',
    ],
    ['a key of a later PEFT', { target_modules: ['norm'], later: 3 }, ['norm'], 'later is set to 3'],
  ])('%s is refused by name', async (_, config, keys, problem) => {
    await expect(read(config, keys)).rejects.toThrow(problem)
  })
})
