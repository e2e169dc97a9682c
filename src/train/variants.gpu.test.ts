// Tests placements and settings that no golden has: the model starts unchanged, gradients agree with the loss, files are read back.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Settings, parseSettings } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { MemorySource } from '../formats/memory-source'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { type GoldenBatch, loadModel, microBatch, oracle, present, readJson } from '../testing/golden'
import { normals } from '../testing/random'
import type { Adapter } from '../peft/method'
import { readAdapter, writeAdapter } from '../export/adapter'
import type { LoadedModel } from '../peft/loaded-model'
import { type Run, endRun, planRun, readRunAdapter, startRun } from './run'

const { batch_a } = present(oracle) ? readJson<{ batch_a: GoldenBatch }>(join(oracle, 'methods/ia3/case.json')) : {}

// If a router chooses some of several experts, a step can change the choice, and the loss jumps. So either one expert or all take part here.
const variants: readonly (readonly [string, string, Settings])[] = [
  ['llama', 'dora', {}],
  ['llama', 'ia3', {}],
  ['llama', 'bottleneck-adapter', { kind: 'pfeiffer' }],
  ['llama', 'bottleneck-adapter', { kind: 'parallel' }],
  ['gpt2', 'bottleneck-adapter', { reductionFactor: 8 }],
  ['llama', 'lora-moe', { targetModules: 'all-linear', topK: 4, balance: 0.5 }],
  ['llama', 'lora-moe', { router: 'projection', topK: 1, balance: 0.5, r: 3, experts: 3 }],
  ['llama', 'lora', { targetModules: 'all-linear, embed_tokens', plusRatio: 16, rsLora: true }],
  ['llama_tied', 'lora', { targetModules: 'q_proj', modulesToSave: 'embed_tokens, lm_head' }],
  ['llama', 'lora', { start: 'pissa', rankPattern: 'v_proj=4', alphaPattern: 'k_proj=3', rsLora: true }],
  ['gpt2', 'lora', { targetModules: 'wte, c_attn', modulesToSave: 'lm_head' }],
  ['llama', 'lora', { targetModules: 'all-linear, lm_head', tokenIds: '68, 5', rsLora: true }],
  ['llama_tied', 'lora', { targetModules: 'v_proj, lm_head, embed_tokens' }],
  ['llama_tied', 'lora', { tokenIds: '47, 3, 14' }],
  ['llama', 'dora', { targetModules: 'q_proj, lm_head', tokenIds: '5' }],
  ['qwen2', 'lora', { targetModules: 'lm_head', start: 'pissa' }],
]

describe.skipIf(!present(oracle))('variants of methods on layers', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  async function withRun<T>(
    model: LoadedModel,
    name: string,
    settings: Settings,
    initial: Adapter['tensors'] | undefined,
    use: (run: Run, loss: number) => Promise<T>,
  ): Promise<T> {
    const batch = microBatch(batch_a!)
    const training = defaultTraining({ batchSize: batch.rows, maxLength: 64 })
    const method = methodNamed(name)
    const run = await planRun({
      profile: gpu.profile,
      model,
      method,
      settings: parseSettings(name, method.fields, settings),
      training,
      trainLengths: [batch.length],
      evalLengths: [],
      steps: 1,
      initial,
    })
    await startRun(gpu, run)
    try {
      return await use(run, await run.session.gradients(gpu, [batch]))
    } finally {
      await endRun(gpu, run)
    }
  }

  test.each(variants)('%s, %s, %o', { timeout: 120_000 }, async (modelName, name, settings) => {
    const model = await loadModel(gpu, join(oracle, modelName), 'nf4-dq')
    const untouched = await withRun(model, 'lora', {}, undefined, async (_, loss) => loss)
    const plain = name === 'lora-moe' ? { ...settings, balance: 0 } : settings
    const fresh = await withRun(model, name, plain, undefined, async (run, loss) => {
      // A new update of an embedding is zero too, since A is zero and only B is random.
      expect(Math.abs(loss - untouched)).toBeLessThan(2e-6 * untouched)
      return readRunAdapter(gpu, run)
    })

    const files = (await writeAdapter(fresh, model.base)).map((f) => new MemorySource(f.path, f.bytes))
    const back = await readAdapter(files, model.base)
    expect(back.method.name).toBe(name)
    const sorted = (tensors: Adapter['tensors']) => [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))
    expect(sorted(back.tensors)).toEqual(sorted(fresh.tensors))
    await withRun(model, name, back.settings, back.tensors, async (_, loss) =>
      expect(Math.abs(loss - untouched)).toBeLessThan(2e-6 * untouched),
    )

    // DoRA treats its norms as constants in the backward pass, so its gradient is not the slope of the loss (section 4.3).
    if (name !== 'dora') {
      let seed = 200
      const again = name === 'lora-moe' ? settings : back.settings
      const moved = (by: (key: string, values: Float32Array) => Float32Array<ArrayBuffer>, from: Adapter['tensors']) =>
        new Map([...from].map(([key, t]) => [key, { ...t, values: by(key, t.values) }]))
      const start = moved((_, values) => normals(seed++, values.length, 0.05).map((v, i) => v + values[i]), fresh.tensors)
      const gradients = await withRun(model, name, again, start, (run) => run.parameters.read(gpu, 'gradients'))
      const square = [...gradients.values()].reduce((sum, g) => sum + g.reduce((s, v) => s + v * v, 0), 0)
      for (const [key, g] of gradients) expect(g.some((v) => v !== 0) && g.every(Number.isFinite), key).toBe(true)
      const step = 3e-3 / Math.sqrt(square)
      const along = (sign: number) =>
        withRun(
          model,
          name,
          again,
          moved((key, values) => values.map((v, i) => v + sign * step * gradients.get(key)![i]), start),
          async (_, loss) => loss,
        )
      expect(((await along(1)) - (await along(-1))) / (2 * step * square)).toBeCloseTo(1, 2)
    }
    release(gpu, model.plan.slots)
  })

  test('PiSSA becomes a plain LoRA of twice the rank with the same loss', { timeout: 120_000 }, async () => {
    const model = await loadModel(gpu, join(oracle, 'llama'), 'nf4-dq')
    const batch = microBatch(batch_a!)
    const { loss, adapter } = await withRun(model, 'lora', { start: 'pissa', r: 4 }, undefined, async (run) => {
      for (let step = 1; step <= 3; step++) await run.session.step(gpu, [batch], 3e-3, step)
      expect(run.memory.trainableParameters).toBe(
        [...run.plan.model.base.sites.values()].reduce((sum, [out, inputs]) => sum + 4 * (out + inputs), 0),
      )
      return { loss: await run.session.gradients(gpu, [batch]), adapter: await readRunAdapter(gpu, run) }
    })
    expect(adapter.settings).toMatchObject({ start: 'default', r: 8, alpha: 32 })
    await withRun(model, 'lora', adapter.settings, adapter.tensors, async (_, again) =>
      expect(Math.abs(again - loss)).toBeLessThan(2e-6 * loss),
    )
    release(gpu, model.plan.slots)
  })
})
