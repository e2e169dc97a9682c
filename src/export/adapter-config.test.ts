// Every key of adapter_config.json that is set to what we do not implement is refused by name, and every value of a wrong type.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TabTuneError } from '../config/errors'
import { MemorySource } from '../formats/memory-source'
import { planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { type LoraParts, loraFolder } from '../testing/lora-file'
import { normals } from '../testing/random'
import { readAdapter, readLoraFile } from './adapter'
import { methodBase } from '../peft/base'

const shape = { family: 'llama', layers: 1, hidden: 32, intermediate: 48, heads: 2, vocab: 40, context: 64 }
const base = methodBase(planBase(randomModel('random', shape), 'f32', 2 ** 27), undefined)
const qv = { 'model.layers.0.self_attn.q_proj': 2, 'model.layers.0.self_attn.v_proj': 2 }

const outcome = (read: Promise<unknown>) =>
  read.then(
    () => 'it loads',
    (error: unknown) => (error instanceof TabTuneError ? `${error.kind}: ${error.message}` : String(error)),
  )
const problemOf = (parts: LoraParts) => outcome(readAdapter(loraFolder(base, parts), base))

describe('settings that would break what reads them', () => {
  const deep = JSON.parse(`${'['.repeat(1000)}${']'.repeat(1000)}`) as unknown
  test.each<[string, unknown, string]>([
    ['r', deep, 'nested at most 64 deep'],
    ['target_modules', { toString: 1 }, 'expected names of settings, got toString'],
    ['modules_to_save', 9007199254740992, 'modules_to_save: expected a list of names, got 9007199254740992'],
  ])('%s', async (key, value, words) => {
    const problem = await problemOf({ config: { [key]: value }, modules: qv })
    expect(problem).toMatch(/^FormatError: adapter_config\.json/)
    expect(problem).toContain(words)
  })
})

describe('keys of adapter_config.json', () => {
  /** As PEFT 0.21 saves a plain LoRA: every key of its LoraConfig at its default. */
  const peftDefaults = {
    alora_invocation_tokens: null,
    arrow_config: null,
    auto_mapping: { base_model_class: 'LlamaForCausalLM', parent_library: 'transformers.models.llama.modeling_llama' },
    base_model_name_or_path: 'tiny',
    bias: 'none',
    corda_config: null,
    ensure_weight_tying: false,
    eva_config: null,
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    kasa_config: null,
    layer_replication: null,
    loftq_config: {},
    lora_bias: false,
    lora_dropout: 0,
    lora_ga_config: null,
    megatron_config: null,
    megatron_core: 'megatron.core',
    modules_to_save: null,
    monteclora_config: null,
    peft_version: '0.21.0',
    qalora_group_size: 16,
    revision: null,
    target_parameters: null,
    trainable_token_indices: null,
    use_bdlora: null,
    use_qalora: false,
    velora_config: null,
  }

  test.each<[string, unknown]>([
    ['peft_version', '9.9'],
    ['future_flag', false],
    ['future_list', []],
    ['future_config', {}],
    ['future_text', ''],
    ['init_lora_weights', 'gaussian'],
    ['init_lora_weights', 'eva'],
    ['init_lora_weights', false],
    ['eva_config', { rho: 2 }],
    ['modules_to_save', []],
    ['ensure_weight_tying', true],
    ['enable_lora', null],
    ['merge_weights', true],
  ])('%s %j loads', async (key, value) => {
    expect(await problemOf({ config: { ...peftDefaults, [key]: value }, modules: qv })).toBe('it loads')
  })

  test.each<[string, unknown]>([
    ['future_flag', true],
    ['future_number', 3],
    ['__proto__', { r: 3 }],
    ['constructor', 'x'],
    ['init_lora_weights', 'pissa'],
    ['init_lora_weights', 'pissa_niter_16'],
    ['init_lora_weights', 'olora'],
    ['init_lora_weights', 'OLoRA'],
    ['init_lora_weights', 'corda'],
    ['init_lora_weights', 'loftq'],
    ['init_lora_weights', 'lora_ga'],
    ['init_lora_weights', 'tomorrow'],
    ['alora_invocation_tokens', [1, 2]],
    ['layer_replication', [[0, 2]]],
    ['lora_bias', true],
    ['target_parameters', ['mlp.experts.down_proj']],
    ['bias', 'lora_only'],
    ['megatron_config', { hidden: 1 }],
    ['use_qalora', true],
    ['use_bdlora', { nblocks: 2 }],
    ['arrow_config', { top_k: 2 }],
    ['kasa_config', { beta: 1e-4 }],
    ['velora_config', { rank: 1 }],
    ['monteclora_config', { num_samples: 4 }],
    ['task_type', 'SEQ_CLS'],
  ])('%s %j is refused by name, for loading and for combining', async (key, value) => {
    const config = JSON.parse(`{${JSON.stringify(key)}: ${JSON.stringify(value)}}`) as Record<string, unknown>
    const files = loraFolder(base, { config: {}, modules: qv })
    const text = new TextDecoder().decode(await files[0].read(0, files[0].sizeBytes))
    const given = { ...(JSON.parse(text) as object), ...peftDefaults }
    const json = `{${JSON.stringify(given).slice(1, -1)}, ${JSON.stringify(config).slice(1)}`
    const changed = [new MemorySource('adapter_config.json', new TextEncoder().encode(json)), files[1]]
    const want = new RegExp(`adapter_config\\.json: .*${key} is set to `)
    await expect(readAdapter(changed, base)).rejects.toThrow(want)
    await expect(readLoraFile('theirs', changed)).rejects.toThrow(want)
    expect(Object.hasOwn(Object.prototype, 'r')).toBe(false)
  })

  test.each<[string, unknown, string]>([
    ['modules_to_save', 9007199254740992, 'expected a list of names, got 9007199254740992'],
    ['modules_to_save', 'lm_head', 'expected a list of names, got "lm_head"'],
    ['r', '8', 'expected a whole number from 1, got "8"'],
    ['r', 1.5, 'expected a whole number from 1, got 1.5'],
    ['lora_alpha', [], 'expected a number above 0, got []'],
    ['lora_alpha', false, 'expected a number above 0, got false'],
    ['target_modules', [1], 'expected a list of names or a regular expression, got [1]'],
    ['use_rslora', 1, 'expected true or false, got 1'],
    ['use_dora', 'yes', 'expected true or false, got "yes"'],
    ['rank_pattern', { q_proj: 'x' }, 'each value is a whole number from 1'],
    ['alpha_pattern', [3], 'each value is a number above 0'],
    ['layers_to_transform', ['a'], 'expected a list of layers or one'],
    ['trainable_token_indices', { embed_tokens: 3 }, 'expected a list of token ids'],
  ])('%s %j is of a wrong type', async (key, value, want) => {
    const problem = await problemOf({ config: { [key]: value }, modules: qv })
    expect(problem).toContain(`FormatError: adapter_config.json, ${key}: `)
    expect(problem).toContain(want)
  })

  test('modules_to_save: names that the base does not have are ignored, others are refused by name', async () => {
    expect(await problemOf({ config: { modules_to_save: ['classifier', 'score', 'wte'] }, modules: qv })).toBe('it loads')
    for (const name of ['norm', 'mlp', 'model.layers.0.input_layernorm', 'layers'])
      expect(await problemOf({ config: { modules_to_save: ['score', name] }, modules: qv })).toContain(
        `UnsupportedError: adapter_config.json, modules_to_save: expected embed_tokens or lm_head, got ${name}, which TabTune cannot train fully.`,
      )
  })

  test.each([
    ['without the prefix', (name: string) => name.replace('base_model.model.', '')],
    ["with the adapter's name", (name: string) => name.replace('.weight', '.default.weight')],
  ])('tensors %s are named', async (_, rename) => {
    const more = ['A', 'B'].map((half) => ({
      name: rename(`base_model.model.model.layers.0.self_attn.q_proj.lora_${half}.weight`),
      shape: [2, 32],
      data: normals(1, 64),
    }))
    expect(await problemOf({ config: { target_modules: ['q_proj'] }, modules: {}, more })).toContain(
      `expected tensor names as in PEFT, such as base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight, got ${more[0].name}.`,
    )
  })

  test('whatever a key holds, the result is an adapter or one of our sentences', { timeout: 60_000 }, async () => {
    const keys = Object.keys({
      ...peftDefaults,
      r: 2,
      lora_alpha: 4,
      target_modules: [],
      rank_pattern: {},
      layers_to_transform: null,
      peft_type: '',
    })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 2 }), async (key, value) => {
        expect(await problemOf({ config: { [key]: value }, modules: qv })).toMatch(/^(it loads|FormatError: |UnsupportedError: )/)
      }),
      { numRuns: 300 },
    )
  })

  const prompt = { name: 'prompt_embeddings', shape: [4, shape.hidden], data: normals(3, 4 * shape.hidden) }
  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      'prompt tuning',
      { peft_type: 'PROMPT_TUNING', num_virtual_tokens: 4, prompt_tuning_init: 'TEXT', tokenizer_kwargs: { a: 1 } },
      /^it loads$/,
    ],
    [
      'prompt tuning',
      { peft_type: 'PROMPT_TUNING', num_virtual_tokens: 4, num_transformer_submodules: 2 },
      /num_transformer_submodules is set to 2/,
    ],
    ['prompt tuning', { peft_type: 'PROMPT_TUNING' }, /^FormatError: .*num_virtual_tokens: expected a whole number from 1, got nothing/],
    [
      'prefix tuning',
      { peft_type: 'PREFIX_TUNING', num_virtual_tokens: 4, modules_to_save: ['score'] },
      /modules_to_save is set to \["score"\]/,
    ],
    [
      'IA3',
      { peft_type: 'IA3', target_modules: ['k_proj'], feedforward_modules: [], future: 1 },
      /^UnsupportedError: .*future is set to 1/,
    ],
    [
      'an adapter of MLX',
      { fine_tune_type: 'lora', num_layers: 16, lora_parameters: { rank: 8, scale: 20, dropout: 0 } },
      /^UnsupportedError: .*got one of MLX\. Fuse it into its base with mlx_lm\.fuse/,
    ],
    ['an unknown kind', { peft_type: 'LOHA' }, /^UnsupportedError: .*expected peft_type to be one of .*got LOHA/],
  ])('%s: %j', async (_what, config, want) => {
    const files = [
      new MemorySource('adapter_config.json', new TextEncoder().encode(JSON.stringify(config))),
      loraFolder(base, { config: {}, modules: {}, more: [prompt] })[1],
    ]
    expect(await outcome(readAdapter(files, base))).toMatch(want)
  })
})
