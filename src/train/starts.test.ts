// An adapter's folder from which files are missing is refused, or the person is told before the run. Also tests the problems of a plan, and the
// planned size of the adapter's file.
import { describe, expect, test } from 'vitest'
import { FormatError } from '../config/errors'
import { type Settings, defaults } from '../config/field'
import { sentence } from '../config/phrase'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import { MemorySource } from '../formats/memory-source'
import { writeSafetensors } from '../formats/safetensors'
import { profileFor } from '../gpu/profile'
import { planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodNamed } from '../peft/registry'
import { readAdapter } from '../export/adapter'
import { methodBase } from '../peft/base'
import type { LoadedModel } from '../peft/loaded-model'
import { planRun } from './run'

const profile = profileFor({
  software: true,
  subgroup: 1,
  scalarLoads: false,
  maxBindingBytes: 2 ** 27,
  maxBufferBytes: 2 ** 28,
})
const shape = { family: 'qwen2', layers: 2, hidden: 64, intermediate: 96, heads: 2, vocab: 64, context: 64 }
const file = randomModel('random', shape)
const plan = planBase(file, 'f32', profile.maxBindingBytes)
const model: LoadedModel = { file, plan, base: methodBase(plan, undefined), tokenizer: undefined }

const json = (name: string, value: unknown) => new MemorySource(name, new TextEncoder().encode(JSON.stringify(value)))
const weights = (tensor: string, rows: number, cols: number) =>
  new MemorySource(
    'adapter_model.safetensors',
    writeSafetensors([{ name: tensor, shape: [rows, cols], data: new Float32Array(rows * cols).fill(0.1) }]),
  )

type Initial = Parameters<typeof planRun>[0]['initial']

function memoryOf(name: string, settings: Settings, initial?: Initial, more: Partial<TrainingSettings> = {}) {
  const training = defaultTraining({ ...methodNamed(name).training, batchSize: 1, maxLength: 8, warmup: 0, ...more })
  const lengths = { trainLengths: [8], evalLengths: [] }
  return planRun({ profile, model, method: methodNamed(name), settings, training, ...lengths, steps: 1, initial }).then((r) => r.memory)
}

const pTuning = { peft_type: 'P_TUNING', num_virtual_tokens: 4, encoder_hidden_size: 16, encoder_reparameterization_type: 'MLP' }
const prefix = { peft_type: 'PREFIX_TUNING', num_virtual_tokens: 4, encoder_hidden_size: 16, prefix_projection: true }

test.each([
  ['lora', { maxLength: 65 }, ['maxLength'], 'The maximum length is 65 tokens; this model takes at most 64. Lower'],
  ['prompt-tuning', { maxLength: 64 }, ['maxLength'], '64 tokens; this model takes at most 60 in addition to 4 virtual tokens. Lower'],
  [
    'prompt-tuning',
    { packing: true },
    ['packing'],
    'puts virtual tokens before each row, so rows cannot be packed together. Turn packing off',
  ],
] as const)('%s with %j has a problem that names the settings to change', async (name, training, settings, words) => {
  const { fields } = methodNamed(name)
  const own = name === 'lora' ? defaults(fields) : { ...defaults(fields), virtualTokens: 4, init: 'random' }
  expect((await memoryOf(name, own)).problem).toBeUndefined()
  const { problem, problemSettings } = await memoryOf(name, own, undefined, training)
  expect(problem && sentence(problem)).toContain(words)
  expect(problemSettings).toEqual(settings)
})

describe('folders without all of their files', () => {
  test.each([
    ['p-tuning', pTuning, 64],
    ['prefix-tuning', prefix, 256],
  ] as const)('%s without its encoder says that the prompt itself is trained on', async (name, config, width) => {
    const adapter = await readAdapter([json('adapter_config.json', config), weights('prompt_embeddings', 4, width)], model.base)
    expect(adapter.method.name).toBe(name)
    const memory = await memoryOf(name, adapter.settings, adapter.tensors)
    expect(memory.notice && sentence(memory.notice)).toMatch(/no trainable\.safetensors.+Training continues with the prompt itself\.$/)
    expect(memory.trainableParameters).toBe(4 * width)
    expect((await memoryOf(name, adapter.settings)).notice).toBeUndefined()
  })

  test.each([
    ['LORA', { peft_type: 'LORA', r: 4 }, []],
    ['FREEZE', { peft_type: 'FREEZE', own_format: true, last_n_layers: 1 }, []],
    ['a folder of ours', { peft_type: 'FREEZE', last_n_layers: 1 }, [json('tabtune.json', { method: 'top-layers', settings: {} })]],
  ])('%s without weights is refused', async (_what, config, more) => {
    const files = [json('adapter_config.json', config), ...more]
    const refused =
      /^adapter: expected a folder with adapter_model\.safetensors, got adapter_config\.json.*\. Choose an adapter's folder\.$/
    await expect(readAdapter(files, model.base)).rejects.toThrow(refused)
    if (config.peft_type === 'LORA' || more.length) await expect(readAdapter(files, model.base, true)).rejects.toThrow(FormatError)
  })

  test.each([
    ['top-layers', { peft_type: 'FREEZE', own_format: true, last_n_layers: 1 }],
    ['bitfit', { peft_type: 'BITFIT', own_format: true }],
  ])('%s by a configuration alone is a start, and it is said', async (name, config) => {
    const adapter = await readAdapter([json('adapter_config.json', config)], model.base, true)
    const { notice } = await memoryOf(name, adapter.settings, adapter.tensors)
    expect(notice && sentence(notice)).toMatch(/Training starts from the base model itself\.$/)
  })
})

const prompt = (columns: number) => [{ name: 'prompt_embeddings', shape: [4, columns] }]
test.each([
  ['p-tuning', { virtualTokens: 4 }, prompt(64)],
  ['prefix-tuning', { virtualTokens: 4 }, prompt(2 * 2 * 64)],
  ['prefix-tuning', { virtualTokens: 4, projection: false }, prompt(2 * 2 * 64)],
  ['full', { saveAs: 'bf16' }, [...model.base.tensors.values()].map(({ name, shape }) => ({ name, shape, dtype: 'BF16' as const }))],
] as const)('the file of %s with %o has the bytes of what is kept, to the last', async (name, given, kept) => {
  const settings = { ...defaults(methodNamed(name).fields), ...given }
  const file = writeSafetensors(kept.map((t) => ({ ...t, data: new Uint8Array(t.shape.reduce((a, b) => a * b, 'dtype' in t ? 2 : 4)) })))
  expect((await memoryOf(name, settings)).adapterFileBytes).toBe(file.length)
})
