// Several adapters in one batch of decoding: each row says what it says alone, whatever stands beside it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaults } from '../config/field'
import { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodNamed } from '../peft/registry'
import { standsBeside } from '../peft/side-by-side'
import { release } from '../tensor/program'
import { nodeGpu } from '../testing/node-gpu'
import { normals } from '../testing/random'
import { methodBase } from './base'
import { type DecodingLane, Generator } from './generate'
import { type LoadedModel, setUpMethod } from './run'

const vocab = 96
const adapters: readonly [name: string, settings: object][] = [
  ['lora', { r: 4, targetModules: 'all-linear' }],
  ['ia3', {}],
  ['prompt-tuning', { virtualTokens: 5, init: 'random' }],
  ['lora-moe', {}],
  ['bottleneck-adapter', { reductionFactor: 4 }],
]
const prompts = [70, 9, 3, 40, 12, 5, 20].map((length, b) => Array.from({ length }, (_, i) => (i * 31 + 7 * b + 5) % vocab))

describe('side by side', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await Gpu.open(await nodeGpu())
  })
  afterAll(() => gpu.destroy())

  async function modelOf(family: string, heads: number): Promise<LoadedModel> {
    // Rows of 48 values are no place where a binding may start; rows of 64 are.
    const shape = { family, layers: 2, hidden: 16 * heads, intermediate: 96, heads, kvHeads: heads, vocab, context: 160 }
    const file = randomModel('beside', shape)
    const plan = planBase(file, 'native', gpu.profile.maxBindingBytes)
    await loadBase(gpu, plan)
    return { file, plan, base: methodBase(plan, undefined), tokenizer: undefined }
  }

  /** A lane of an adapter with random values. */
  async function laneOf(model: LoadedModel, name: string, settings: object): Promise<DecodingLane> {
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

  async function say(model: LoadedModel, lanes: readonly DecodingLane[], asked: readonly (readonly number[])[], tokens: readonly number[]) {
    const generator = new Generator(gpu, model.plan, lanes, 128)
    await generator.prepare()
    const said = await generator.generate(
      asked.map((prompt, b) => ({ prompt, maxTokens: tokens[b], temperature: b % 2, seed: b, stop: [0] })),
    )
    generator.release()
    return said
  }

  test.each([
    ['llama', 3],
    ['gemma2', 4],
    ['gpt2', 3],
  ])('%s with %i heads', { timeout: 120_000 }, async (family, heads) => {
    const model = await modelOf(family, heads)
    const lanes: DecodingLane[] = [{ hooks: {}, rows: 1 }]
    for (const [name, settings] of adapters) lanes.push(await laneOf(model, name, settings))
    const embedding = model.base.family.embedding(model.base.config).name.split('.').at(-2)
    lanes.push(await laneOf(model, 'lora', { targetModules: `all-linear, lm_head, ${embedding}` }))
    expect(lanes.every(({ hooks }) => standsBeside({ hooks, base: model.plan }))).toBe(true)
    const tokens = [6, 12, 3, 9, 1, 12, 7]
    const together = await say(model, lanes, prompts, tokens)
    for (const [b, lane] of lanes.entries()) {
      // The same place in the batch, alone.
      const alone = new Generator(gpu, model.plan, [lane], 128)
      await alone.prepare()
      const ask = { prompt: prompts[b], maxTokens: tokens[b], temperature: b % 2, seed: b, stop: [0] }
      expect(together[b], adapters[b - 1]?.[0] ?? 'base').toEqual((await alone.generate([ask]))[0])
      alone.release()
    }
    // Not all the same, so the adapters were there.
    const one = await say(model, lanes, prompts.map(() => prompts[0]), tokens.map(() => 8)) // prettier-ignore
    expect(new Set(one.map(({ ids }) => ids.join())).size).toBeGreaterThan(3)
    release(gpu, model.plan.slots)
  })

  test('methods that change what rows share stand apart', async () => {
    const model = await modelOf('llama', 3)
    for (const name of ['full', 'top-layers', 'prefix-tuning', 'llama-adapter']) {
      const { hooks } = await laneOf(model, name, {})
      expect(standsBeside({ hooks, base: model.plan }), name).toBe(false)
    }
    release(gpu, model.plan.slots)
  })
})
