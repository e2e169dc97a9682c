// Compares methods that train the base model's own tensors with transformers.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { loadBase, planBase } from '../models/base-model'
import { sentence } from '../config/phrase'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { type GoldenBatch, largestDifference, loadModel, microBatch, oracle, present, readJson } from '../testing/golden'
import { testGoldenCases } from '../testing/golden-case'
import type { Adapter } from '../peft/method'
import { readAdapter, writeAdapter } from '../export/adapter'
import { logitsOf } from '../decode/logits'
import { endRun, planRun, readRunAdapter, setUpMethod, startRun } from './run'

const cases = ['tiny_full', 'bitfit_qwen2', 'bitfit_gpt2', 'last_n_layers', 'full', 'full_tied']
const here = present(oracle)

describe('methods that train the base itself', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  test.skipIf(!here).each([
    ['llama_tied', 'full', 'f32'],
    ['gpt2', 'full', 'f32'],
    ['llama', 'full', 'bf16'],
    ['gpt2', 'top-layers', 'f32'],
    ['qwen2', 'bitfit', 'f32'],
  ] as const)(
    '%s, %s, saved as %s: what is written gives the same logits, and the base is back',
    { timeout: 60_000 },
    async (name, methodName, saveAs) => {
      const model = await loadModel(gpu, join(oracle, name), 'f32')
      const batch = microBatch(readJson<GoldenBatch>(join(oracle, name, 'inputs.json')))
      const ids = Array.from(batch.ids.subarray(0, 12))
      const method = methodNamed(methodName)
      const settings = {
        ...defaults(method.fields),
        ...(methodName === 'full' && { saveAs }),
        ...(methodName === 'top-layers' && { layers: 1, head: true }),
      }
      const before = await logitsOf(gpu, model.plan, {}, undefined, ids)
      const training = defaultTraining({ batchSize: batch.rows, maxLength: 64, learningRate: 1e-2 })
      const run = await planRun({
        profile: gpu.profile,
        model,
        method,
        settings,
        training,
        trainLengths: [batch.length],
        evalLengths: [],
        steps: 2,
      })
      await startRun(gpu, run)
      for (let step = 1; step <= 2; step++) await run.session.step(gpu, [batch], 1e-2, step)
      const adapter = await readRunAdapter(gpu, run)
      await endRun(gpu, run)
      expect(await logitsOf(gpu, model.plan, {}, undefined, ids)).toEqual(before)

      const apart = async (from: Adapter) => {
        const { hooks, parameters } = await setUpMethod(gpu.profile, model, from.method, from.settings, { initial: from.tensors })
        return logitsOf(gpu, model.plan, hooks, parameters, ids)
      }
      const trained = await apart(adapter)
      expect(largestDifference(trained, before)).toBeGreaterThan(1e-2)
      const files = (await writeAdapter(adapter, model.base)).map((f) => new MemorySource(`saved/${f.path}`, f.bytes))
      const read = await readAdapter(files, model.base)
      expect(read.settings).toEqual(settings)
      const [exact, rounded] = [saveAs === 'f32', largestDifference(await apart(read), trained)]
      if (exact) expect(rounded).toBe(0)
      else expect(rounded).toBeGreaterThan(0)
      release(gpu, model.plan.slots)
      if (methodName !== 'full') return
      const plan = planBase(await openModel(files), 'f32', gpu.profile.maxBindingBytes)
      await loadBase(gpu, plan)
      expect(largestDifference(await logitsOf(gpu, plan, {}, undefined, ids), trained)).toBeLessThan(exact ? 1e-5 : 0.2)
      release(gpu, plan.slots)
    },
  )

  test.skipIf(!here)('BitFit says that a model has no biases', async () => {
    const model = await loadModel(gpu, join(oracle, 'llama'), 'f32')
    expect(sentence(methodNamed('bitfit').unavailable!(model.base)!)).toMatch(
      /^llama.*: expected a model with biases, got a model of the Llama family without them/,
    )
    release(gpu, model.plan.slots)
  })

  testGoldenCases(() => gpu, cases)
})
