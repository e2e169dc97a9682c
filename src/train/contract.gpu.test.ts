// What every method owes, over the whole registry: a fresh adapter starts as the base where its paper says so, every
// parameter learns, the same seed gives the same bits, the loss on one batch falls, the base is untouched, the file says it all.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { MemorySource } from '../formats/memory-source'
import { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import type { Method } from '../peft/method'
import { methods } from '../peft/registry'
import { release } from '../tensor/program'
import { assertSameBits } from '../testing/closeness'
import { largestDifference, microBatch } from '../testing/golden'
import { nodeGpu } from '../testing/node-gpu'
import { randomModel } from '../testing/random-model'
import { type Adapter, readAdapter, writeAdapter } from './adapter'
import { methodBase } from './base'
import { logitsOf } from './logits'
import { type LoadedModel, type Run, endRun, planRun, readRunAdapter, setUpMethod, startRun } from './run'

const shape = { family: 'qwen2', layers: 2, hidden: 64, intermediate: 96, heads: 4, kvHeads: 2, vocab: 96, context: 64 }
const ids = Array.from({ length: 12 }, (_, i) => (i * 37 + 5) % 96)
/** Prompts in front of the input change what comes out from the first step on. */
const startsElsewhere = ['prompt-tuning', 'p-tuning', 'prefix-tuning', 'p-tuning-v2']
/** A whole model's folder needs the publisher's config.json: golden-whole.gpu.test.ts writes and reads those. */
const wholeFolder = ['full']
const steps = 12

const batch = microBatch({
  input_ids: [ids, ids.toReversed()],
  attention_mask: [ids.map(() => 1), ids.map(() => 1)],
  labels: [ids, ids.toReversed()],
})

function settingsOf(method: Method) {
  const known = new Set(method.fields.map((f) => f.key))
  // Words to start from need a tokenizer, which a random model has not.
  return { ...defaults(method.fields), ...(known.has('initText') && { init: 'vocabulary' }) }
}

describe.each(['f32', 'nf4'] as const)('every method on a base in %s', (base) => {
  let gpu: Gpu
  let model: LoadedModel
  let untouched: Float32Array
  beforeAll(async () => {
    gpu = await Gpu.open(await nodeGpu())
    const plan = planBase(randomModel('random', shape), base, gpu.profile.maxBindingBytes)
    await loadBase(gpu, plan)
    model = { file: plan.file, plan, base: methodBase(plan, undefined), tokenizer: undefined }
    untouched = await logitsOf(gpu, plan, {}, undefined, ids)
  })
  afterAll(() => {
    release(gpu, model.plan.slots)
    gpu.destroy()
  })

  async function logitsWith(method: Method, settings: Adapter['settings'], initial?: Adapter['tensors']): Promise<Float32Array> {
    const { hooks, parameters } = await setUpMethod(gpu.profile, model, method, settings, { initial })
    return logitsOf(gpu, model.plan, hooks, parameters, ids)
  }

  async function begin(method: Method): Promise<Run> {
    const learningRate = Math.max(method.training.learningRate ?? 1e-3, 1e-3)
    const training = defaultTraining({ ...method.training, batchSize: batch.rows, maxLength: batch.length, learningRate, seed: 3 })
    const lengths = { trainLengths: [batch.length], evalLengths: [] }
    const run = await planRun({ profile: gpu.profile, model, method, settings: settingsOf(method), training, ...lengths, steps })
    await startRun(gpu, run)
    return run
  }

  async function trained(method: Method): Promise<{ losses: number[]; adapter: Adapter; still: string[] }> {
    const run = await begin(method)
    const { learningRate } = run.plan.training
    const moved = new Set<string>()
    const losses: number[] = []
    for (let step = 1; step <= steps; step++) {
      const result = await run.session.step(gpu, [batch], learningRate, step)
      expect(result.finite).toBe(true)
      losses.push(result.loss)
      if (step > 2) continue
      for (const [name, g] of await run.parameters.read(gpu, 'gradients')) {
        expect(g.every(Number.isFinite), name).toBe(true)
        if (g.some((v) => v !== 0)) moved.add(name)
      }
    }
    const adapter = await readRunAdapter(gpu, run)
    const still = run.parameters.names.filter((name) => !moved.has(name))
    await endRun(gpu, run)
    return { losses, adapter, still }
  }

  test.each(methods.map((m) => [m.name, m] as const))('%s', { timeout: 120_000 }, async (name, method) => {
    const before = gpu.bytes
    const start = await logitsWith(method, settingsOf(method))
    if (!startsElsewhere.includes(name))
      expect(largestDifference(start, untouched)).toBeLessThan(base === 'f32' || method.baseTensors === undefined ? 1e-4 : 1)

    const first = await trained(method)
    // An expert that no token was sent to rightly learns nothing from this batch.
    expect(first.still.filter((parameter) => !/lora_[AB]\.\d/.test(parameter))).toEqual([])
    expect(first.losses.at(-1)).toBeLessThan(first.losses[0])
    const second = await trained(method)
    expect(second.losses).toEqual(first.losses)
    assertSameBits('the base after training', await logitsOf(gpu, model.plan, {}, undefined, ids), untouched)

    if (!wholeFolder.includes(name)) {
      const files = await writeAdapter(first.adapter, model.base)
      const again = await readAdapter(
        files.map((f) => new MemorySource(f.path, f.bytes)),
        model.base,
      )
      expect(again.method.name).toBe(first.adapter.method.name)
      const direct = await logitsWith(first.adapter.method, first.adapter.settings, first.adapter.tensors)
      assertSameBits('logits from the file', await logitsWith(again.method, again.settings, again.tensors), direct)
      expect(largestDifference(direct, untouched)).toBeGreaterThan(1e-6)
    }
    expect(gpu.bytes).toBe(before)
  })
})
