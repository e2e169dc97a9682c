// Plans without weights: from config.json alone, for models that no test could hold.
import { expect, test } from 'vitest'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { MemorySource } from '../formats/memory-source'
import { modelOfConfig } from '../models/model-of-config'
import { planModel } from '../peft/loaded-model'
import { methodNamed } from '../peft/registry'
import { planMemory } from './plan-memory'

const llama2 = (hidden: number, intermediate: number, layers: number, heads: number, kvHeads: number) => ({
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_act: 'silu',
  hidden_size: hidden,
  intermediate_size: intermediate,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: kvHeads,
  vocab_size: 32_000,
  max_position_embeddings: 4096,
  rms_norm_eps: 1e-5,
  torch_dtype: 'bfloat16',
})
const sizes = { '7B': llama2(4096, 11_008, 32, 32, 32), '70B': llama2(8192, 28_672, 80, 64, 8) }

const open = (config: object) => modelOfConfig(new MemorySource('llama/config.json', new TextEncoder().encode(JSON.stringify(config))))

async function planned(config: object, name: string, more: { settings?: Record<string, string>; batchSize?: number } = {}) {
  const method = methodNamed(name)
  const model = planModel(await open(config), method.bases[0] ?? 'native', 2 ** 31)
  const training = defaultTraining({ maxLength: 64, batchSize: more.batchSize ?? 1 })
  const settings = { ...defaults(method.fields), ...more.settings }
  return planMemory({ model, method, settings, training, dtype: 'bf16', besideBytes: 280e9 })
}

/** Parameters of a Llama and of LoRA at rank 8 on all its linear layers, by hand. */
function byHand({
  hidden_size: c,
  intermediate_size: f,
  num_hidden_layers: l,
  num_attention_heads: h,
  num_key_value_heads: k,
}: ReturnType<typeof llama2>) {
  const kv = (c / h) * k
  const all = 2 * 32_000 * c + c + l * (2 * c * c + 2 * c * kv + 3 * c * f + 2 * c)
  return { all, lora: 8 * l * (2 * (c + c) + 2 * (c + kv) + 3 * (c + f)) }
}

// The number of adapters is that of the issue: (280 GB - base) / adapter, both in 16 bits.
test.each([
  ['7B', 6_738_415_616, 6666],
  ['70B', 68_976_648_192, 685],
] as const)('Llama 2 %s has %i parameters, and %i adapters fit beside it in 280 GB', async (size, parameters, beside) => {
  const { all, lora } = byHand(sizes[size])
  const plan = await planned(sizes[size], 'lora')
  expect([plan.totalParameters, all, plan.trainableParameters, plan.beside]).toEqual([parameters, parameters, lora, beside])
  expect(Math.floor((280e9 - 2 * all) / (2 * lora))).toBe(beside)
  expect(plan.fileBytes - 2 * lora).toBeGreaterThan(0)
  expect(plan.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(plan.totalBytes)
  // Values and two states of AdamW, in f32.
  expect(plan.snapshotBytes / (12 * lora)).toBeCloseTo(1, 3)
})

test('full fine-tuning is planned as whole models, QLoRA in 4 bits, and targets count', async () => {
  const full = await planned(sizes['7B'], 'full')
  expect([full.whole, full.beside, full.trainableParameters]).toEqual([true, 20, full.totalParameters])
  const qlora = await planned(sizes['7B'], 'qlora', { settings: { targetModules: 'q_proj, v_proj' } })
  expect(qlora.trainableParameters).toBe(8 * 32 * 4 * 4096)
  const linear = qlora.totalParameters - 2 * 32_000 * 4096 - 65 * 4096
  // 4 bits, and 8 bits with one f32 per 256 for each 64 weights (QLoRA, section 3: 0.127 bit).
  const packed = (linear / 8) * (4 + 8 / 64 + 32 / (64 * 256))
  expect(Math.abs(qlora.baseBytes - 2 * 2 * 32_000 * 4096 - 65 * 4096 * 4 - packed)).toBeLessThan(224 * 1100)
})

test('config.json alone gives no weights, and types that are not read are refused', async () => {
  const file = await open(sizes['7B'])
  await expect(file.tensors.get('model.norm.weight')!.readRows(0, 1)).rejects.toThrow('got only its config.json')
  await expect(open({ ...sizes['7B'], torch_dtype: 'float8' })).rejects.toThrow('expected the type float32, float16, bfloat16, got float8')
})
