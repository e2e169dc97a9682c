// Decodes with several adapters in one batch: each row gives the same answer as alone, whatever the other rows are.
import { beforeAll, describe, expect, test } from 'vitest'
import { type Settings, defaults } from '../config/field'
import type { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodNamed } from '../peft/registry'
import { standsBeside } from './side-by-side'
import { release } from '../tensor/program'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { methodBase } from '../peft/base'
import { type Ask, type DecodingLane, Generator, type Said } from './generate'
import type { LoadedModel } from '../peft/loaded-model'
import { setUpMethod } from '../train/run'

const vocab = 96
const prompts = [70, 9, 3, 40, 12, 5, 20].map((length, b) => Array.from({ length }, (_, i) => (i * 31 + 7 * b + 5) % vocab))
const tokens = [6, 12, 3, 9, 1, 12, 7]

type Adapter = readonly [name: string, settings: Settings]
const lora: Adapter = ['lora', { r: 4, targetModules: 'all-linear' }]
const others: readonly Adapter[] = [
  ['ia3', {}],
  ['prompt-tuning', { virtualTokens: 5, init: 'random' }],
  ['lora-moe', {}],
  ['bottleneck-adapter', { reductionFactor: 4 }],
]
const gpus = testGpus()

describe('side by side', () => {
  let gpu: Gpu
  beforeAll(() => {
    gpu = gpus[0].gpu
  })

  async function modelOf(family: string, heads: number): Promise<LoadedModel> {
    // A binding may not start after a row of 48 values; after a row of 64 it may.
    const shape = { family, layers: 2, hidden: 16 * heads, intermediate: 96, heads, kvHeads: heads, vocab, context: 160 }
    const file = randomModel('beside', shape)
    const plan = planBase(file, 'native', gpu.profile.maxBindingBytes)
    await loadBase(gpu, plan)
    return { file, plan, base: methodBase(plan, undefined), tokenizer: undefined }
  }

  /** A lane of an adapter with random values. */
  async function laneOf(model: LoadedModel, name: string, settings: Settings): Promise<DecodingLane> {
    const method = methodNamed(name)
    const all = { ...defaults(method.fields), ...settings }
    const { parameters: fresh } = await setUpMethod(gpu.profile, model, method, all, {})
    const tensors = new Map(
      fresh.names.map((key, i) => {
        const shape = fresh.shape(key)
        const size = shape.reduce((a, b) => a * b, 1)
        return [key, { shape, values: normals(50 + i, size, 0.3).map((v) => (name === 'ia3' ? 1 + v : v)) }] as const
      }),
    )
    return { ...(await setUpMethod(gpu.profile, model, method, all, { initial: tensors })), rows: 1 }
  }

  async function say(model: LoadedModel, lanes: readonly DecodingLane[], asks: readonly Ask[]): Promise<Said[]> {
    const generator = new Generator(gpu, model.plan, lanes, 128)
    await generator.prepare()
    const said = await generator.generate(asks)
    generator.release()
    return said
  }

  test.each([
    ['gemma2', 4, 'software', others],
    ['gpt2', 3, 'software', others],
    // Here a product of low rank may be fused into a large one, but not into a product of more rows than it has.
    ['llama', 3, 'hardware', []],
  ] as const)('%s with %i heads, %s kernels', { timeout: 120_000 }, async (family, heads, profile, more) => {
    gpu = gpus.find(({ name }) => name === profile)!.gpu
    const model = await modelOf(family, heads)
    const embedding = model.base.family.embedding(model.base.config).name.split('.').at(-2)
    const adapters: Adapter[] = [lora, ...more, ['lora', { targetModules: `all-linear, lm_head, ${embedding}` }]]
    const lanes = await Promise.all(adapters.map(([name, settings]) => laneOf(model, name, settings)))
    lanes.splice(1, 0, { hooks: {}, rows: 1 })
    expect(lanes.every(({ hooks }) => standsBeside({ hooks, base: model.plan }))).toBe(true)
    const asks = lanes.map((_, b) => ({ prompt: prompts[b], maxTokens: tokens[b], temperature: b % 2, seed: b, stop: [0] }))
    const together = await say(model, lanes, asks)
    for (const [b, lane] of lanes.entries()) expect(together[b], `lane ${b}`).toEqual((await say(model, [lane], [asks[b]]))[0])
    // The answers differ, so the adapters had an effect.
    const same = asks.map((ask) => ({ ...ask, prompt: prompts[0], maxTokens: 8, temperature: 0 }))
    expect(new Set((await say(model, lanes, same)).map(({ ids }) => ids.join())).size).toBeGreaterThan(lanes.length / 2)
    release(gpu, model.plan.slots)
  })

  test('methods that change what rows share run alone', async () => {
    const model = await modelOf('llama', 3)
    for (const name of ['full', 'top-layers', 'p-tuning-v2', 'llama-adapter']) {
      const { hooks } = await laneOf(model, name, {})
      expect(standsBeside({ hooks, base: model.plan }), name).toBe(false)
    }
    release(gpu, model.plan.slots)
  })
})
