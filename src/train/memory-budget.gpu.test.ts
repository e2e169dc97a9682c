// With a memory budget the planned bytes stay within it, exactly those are allocated, and losses and gradients keep their bits.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { OutOfMemoryError } from '../config/errors'
import { say, sentence } from '../config/phrase'
import { defaults } from '../config/field'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { loadBase, planBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { assertSameBits } from '../testing/closeness'
import { fullBatch } from '../measure/steps'
import { methodBase } from '../peft/base'
import type { LoadedModel } from '../peft/loaded-model'
import { endRun, planRun, startRun } from './run'

const [layers, vocab] = [6, 96]
const batches = [fullBatch(2, 24, vocab), fullBatch(2, 16, vocab)]
const wholeMiB = 2 ** 20

describe('a memory budget', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  async function modelOf(family: string): Promise<LoadedModel> {
    const shape = { family, layers, hidden: 32, intermediate: 96, heads: 2, kvHeads: 1, vocab, context: 64 }
    const file = randomModel('budget', shape)
    const plan = planBase(file, 'nf4', gpu.profile.maxBindingBytes)
    await loadBase(gpu, plan)
    return { file, plan, base: methodBase(plan, undefined), tokenizer: undefined }
  }

  const planned = (model: LoadedModel, name: string, settings: object, training: Partial<TrainingSettings>) => {
    const method = methodNamed(name)
    return planRun({
      profile: gpu.profile,
      model,
      method,
      settings: { ...defaults(method.fields), ...settings },
      training: defaultTraining({ batchSize: 2, maxLength: 24, clip: 1, ...training }),
      trainLengths: batches.map((b) => b.length),
      evalLengths: [24],
      steps: 2,
    })
  }

  test.each([
    [{}, 'Lower the batch size (now 2) or the maximum length (the longest batches have 24 tokens per row). Or set a memory budget.'],
    [
      { batchSize: 1, memoryBudget: 64 },
      'Lower the maximum length (the longest batches have 24 tokens per row). Or lower the memory budget (now 64 MiB).',
    ],
  ])('a run that the device refuses says what helps: %j', async (training, advice) => {
    const model = await modelOf('llama')
    const run = await planned(model, 'lora', {}, training)
    const before = gpu.bytes
    const allocating = gpu.allocating.bind(gpu)
    const refusing = vi.spyOn(gpu, 'allocating').mockImplementation((what, sizeBytes, make) => {
      if (typeof what === 'object' && sentence(what) === 'the run') throw new OutOfMemoryError(say`graphics memory: refused.`)
      return allocating(what, sizeBytes, make)
    })
    const settings = 'batchSize' in training ? ['maxLength', 'memoryBudget'] : ['batchSize', 'maxLength', 'memoryBudget']
    await expect(startRun(gpu, run)).rejects.toMatchObject({
      kind: 'DeviceError',
      message: `graphics memory: refused. ${advice}`,
      settings,
    })
    refusing.mockRestore()
    expect(gpu.bytes).toBe(before)
    release(gpu, model.plan.slots)
  })

  test.each([
    ['llama', 'lora', { dropout: 0.2 }],
    ['gemma2', 'lora-moe', {}],
    ['qwen2', 'p-tuning-v2', {}],
    ['llama', 'top-layers', { layers: 4 }],
  ])('%s with %s', { timeout: 120_000 }, async (family, name, settings) => {
    const model = await modelOf(family)
    const sizeOf = async (training: Partial<TrainingSettings>) => (await planned(model, name, settings, training)).memory
    const [most, all, least] = [await sizeOf({}), await sizeOf({ checkpointing: true }), await sizeOf({ memoryBudget: 0.001 })]
    expect(sentence(least.problem!)).toMatch(
      /^The memory budget is 0\.0 MiB; this run takes at least \d.+ MiB, .+ every layer again\. Raise the budget, or lower the batch size/,
    )
    expect(least.problemSettings).toEqual(['memoryBudget', 'batchSize', 'maxLength'])
    expect(least.totalBytes).toBeLessThanOrEqual(all.totalBytes)
    expect(all.totalBytes).toBeLessThan(most.totalBytes)

    const trained = async (training: Partial<TrainingSettings>) => {
      const run = await planned(model, name, settings, training)
      gpu.resetPeak()
      await startRun(gpu, run)
      expect(gpu.peakBytes).toBe(run.memory.totalBytes)
      const loss = await run.session.gradients(gpu, [batches[0]])
      const gradients = await run.parameters.read(gpu, 'gradients')
      const steps = []
      for (const [i, batch] of batches.entries()) steps.push(await run.session.step(gpu, [batch], 1e-3, i + 1))
      await endRun(gpu, run)
      return { loss, gradients, steps, memory: run.memory, dispatches: run.session.dispatches }
    }
    const whole = await trained({})
    expect(whole.memory.extraWork).toBeUndefined()
    let dispatches = whole.dispatches
    for (const share of [1, 0.5, 0]) {
      const bytes = least.totalBytes + Math.floor((most.totalBytes - least.totalBytes) * share)
      const fitted = await trained({ memoryBudget: bytes / wholeMiB })
      const where = `${name}, ${share} of the way`
      expect(fitted.memory.problem, where).toBeUndefined()
      expect(fitted.memory.totalBytes, where).toBeLessThanOrEqual(bytes)
      // The smaller the budget, the more is computed again; nothing if everything fits.
      if (share === 1) expect(fitted.dispatches).toBe(whole.dispatches)
      else expect(fitted.dispatches, where).toBeGreaterThan(dispatches)
      if (share < 1) expect(fitted.memory.extraWork, where).toBeGreaterThan(0)
      dispatches = fitted.dispatches
      expect({ loss: fitted.loss, steps: fitted.steps }, where).toEqual({ loss: whole.loss, steps: whole.steps })
      for (const [key, values] of whole.gradients) assertSameBits(`d ${key} (${where})`, fitted.gradients.get(key)!, values)
    }
    release(gpu, model.plan.slots)
  })
})
