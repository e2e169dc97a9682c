// MLX adapters: names, shapes, ranks and scales as mlx-lm reads them, and what is refused. e2e/interop/mlx_adapter.py compares logits.
import { expect, test } from 'vitest'
import { defaults, typedSettings } from '../config/field'
import { MemorySource } from '../formats/memory-source'
import { readSafetensorsHeader } from '../formats/safetensors'
import { randomModel } from '../models/random-model'
import { dora } from '../peft/dora'
import { ia3 } from '../peft/ia3'
import { planModel } from '../peft/loaded-model'
import { lora } from '../peft/lora'
import { loraMoe } from '../peft/lora-moe'
import { loraSites, rankFields } from '../peft/lora-sites'
import { mlxAdapter } from './mlx'

const shape = { family: 'llama', layers: 2, hidden: 64, intermediate: 96, heads: 2, vocab: 64, context: 64 }
const { base } = planModel(randomModel('random', shape), 'f32', 2 ** 27)
const given = { r: 2, alpha: 4, rsLora: true, targetModules: 'q_proj, down_proj', rankPattern: 'down_proj=3', alphaPattern: 'down_proj=6' }
const settings = typedSettings('lora', rankFields, { ...defaults(lora.fields), ...given })
const counting = (count: number) => Float32Array.from({ length: count }, (_, i) => i)
const tensors = new Map(
  loraSites(base, settings).flatMap((s) => [
    [s.a, { shape: [s.rank, s.in], values: counting(s.rank * s.in) }] as const,
    [s.b, { shape: [s.out, s.rank], values: counting(s.out * s.rank) }] as const,
  ]),
)
const adapter = { method: lora, settings: { ...settings }, tensors }

test('one rank and one scale, each half transposed', async () => {
  const [weights, config] = mlxAdapter(adapter, base)
  expect([weights.path, config.path]).toEqual(['adapters.safetensors', 'adapter_config.json'])
  const keys = [0, 1].flatMap((n) => [`model.layers.${n}.self_attn.q_proj`, `model.layers.${n}.mlp.down_proj`])
  expect(JSON.parse(new TextDecoder().decode(config.bytes))).toEqual({
    fine_tune_type: 'lora',
    model: 'random',
    num_layers: 2,
    lora_parameters: { rank: 3, scale: 4 / Math.sqrt(2), dropout: 0, keys },
  })
  const source = new MemorySource(weights.path, weights.bytes)
  const { tensors: written } = await readSafetensorsHeader(source)
  expect([...written.keys()].toSorted()).toEqual(keys.flatMap((key) => [`${key}.lora_a`, `${key}.lora_b`]).toSorted())
  const valuesOf = async (name: string) => {
    const { offset, sizeBytes, shape } = written.get(name)!
    return { shape, values: [...new Float32Array((await source.read(offset, sizeBytes)).slice().buffer)] }
  }
  const a = await valuesOf('model.layers.0.self_attn.q_proj.lora_a')
  expect(a.shape).toEqual([64, 3])
  // Column 2 of A is the row that was filled up.
  expect(a.values.slice(0, 6)).toEqual([0, 64, 0, 1, 65, 0])
  const b = await valuesOf('model.layers.1.mlp.down_proj.lora_b')
  expect(b.shape).toEqual([3, 64])
  const fold = 6 / Math.sqrt(3) / (4 / Math.sqrt(2))
  expect(b.values[1]).toBeCloseTo(3 * fold, 5)
  expect(b.values[64]).toBeCloseTo(1 * fold, 5)
})

test('lengths of rows make it DoRA', async () => {
  const lengths = loraSites(base, settings).map((s) => {
    const key = s.a.replace('lora_A.weight', 'lora_magnitude_vector')
    return [key, { shape: [s.out, 1], values: counting(s.out) }] as const
  })
  const [weights, config] = mlxAdapter({ method: dora, settings: { ...settings }, tensors: new Map([...tensors, ...lengths]) }, base, 'f16')
  expect(JSON.parse(new TextDecoder().decode(config.bytes))).toMatchObject({ fine_tune_type: 'dora' })
  const { tensors: written } = await readSafetensorsHeader(new MemorySource(weights.path, weights.bytes))
  expect(written.get('model.layers.0.mlp.down_proj.m')).toMatchObject({ shape: [64], dtype: 'F16' })
})

const tied = { ...base, config: { ...base.config, tied: true } }
const unknown = { ...base, family: planModel(randomModel('random', { ...shape, family: 'gpt2' }), 'f32', 2 ** 27).base.family }
const saved = new Map([...tensors, ['base_model.model.lm_head.weight', { shape: [64, 64], values: counting(4096) }]])

test.each([
  ['another method', { method: ia3, settings: defaults(ia3.fields), tensors: new Map() }, base, 'expected LoRA, QLoRA or DoRA, got IA3'],
  [
    'experts',
    { method: loraMoe, settings: defaults(loraMoe.fields), tensors: new Map() },
    base,
    'expected LoRA, QLoRA or DoRA, got LoRA-MoE',
  ],
  [
    'trained tables',
    { ...adapter, tensors: saved },
    base,
    'expected low-rank updates only, got the trained tensor base_model.model.lm_head',
  ],
  [
    'a tied head',
    { ...adapter, settings: { ...settings, targetModules: 'lm_head' } },
    tied,
    'expected no update of the embedding or the head',
  ],
  ['a family with other names', adapter, unknown, 'GPT-2, whose layers have other names there'],
])('%s is refused by name', (_what, given, on, message) => {
  expect(() => mlxAdapter(given, on)).toThrow(message)
  expect(() => mlxAdapter(given, on)).toThrow(given.method.merge ? 'Merge the adapter into a Hugging Face folder' : 'cannot be merged')
})
