// Optimizer states in main memory, with 32 and with 8 bits: training gives the same bits as with states on the GPU, and takes less GPU memory.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { join } from 'node:path'
import { defaults } from '../config/field'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { methodNamed } from '../peft/registry'
import type { Parameters } from '../tensor/parameters'
import { release } from '../tensor/program'
import { type GoldenBatch, loadModel, microBatch, oracle, present, readJson } from '../testing/golden'
import { endRun, planRun, startRun } from './run'

const steps = 20

/** Number of trained values in tensors that are large enough for 8-bit states. */
function eightBit(parameters: Parameters): number {
  const sizes = parameters.names.map((name) => parameters.shape(name).reduce((a, b) => a * b))
  return sizes.filter((n) => n >= 4096).reduce((a, b) => a + b, 0)
}

describe.skipIf(!present(oracle))('paged optimizer states', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  // With 2048 values per page, full fine-tuning has many pages, LoRA has few, and the last case has less than one.
  test.each([
    ['full', 2048, false, 'adamw'],
    ['lora', 2048, true, 'adamw'],
    ['full', undefined, true, 'adamw'],
    ['full', 2048, true, 'adamw-8bit'],
    ['full', undefined, false, 'adamw-8bit'],
    ['lora', 2048, false, 'adamw-8bit'],
  ] as const)(
    '%s in pages of %s, checkpointing %s, %s: bit for bit over 20 steps',
    { timeout: 120_000 },
    async (name, pageValues, checkpointing, optimizer) => {
      const model = await loadModel(gpu, join(oracle, 'llama_tied'), 'f32')
      const method = methodNamed(name)
      const batch = microBatch(readJson<GoldenBatch>(join(oracle, 'llama_tied', 'inputs.json')))
      const trained = async (differing: Partial<TrainingSettings>) => {
        const training = defaultTraining({ batchSize: batch.rows, maxLength: 64, weightDecay: 0.1, clip: 0.5, optimizer, ...differing })
        const run = await planRun({
          profile: gpu.profile,
          model,
          method,
          // A and B of rank 64 are large enough for 8 bits.
          settings: { ...defaults(method.fields), ...(name === 'lora' && optimizer === 'adamw-8bit' && { r: 64 }) },
          training,
          trainLengths: [batch.length],
          evalLengths: [],
          steps,
          pageValues,
        })
        gpu.resetPeak()
        await startRun(gpu, run)
        expect(gpu.peakBytes).toBe(run.memory.totalBytes)
        // As in the trainer, a step is submitted before the result of the previous step is read.
        const losses: number[] = []
        let before: Promise<{ loss: number; gradNorm: number }> | undefined
        for (let i = 0; i < steps; i++) {
          const next = run.session.step(gpu, [batch], 1e-3 * (1 - i / steps), i + 1)
          if (before) losses.push((await before).loss)
          before = next
        }
        const last = await before!
        losses.push(last.loss, last.gradNorm)
        const values = await run.parameters.read(gpu)
        await endRun(gpu, run)
        return { losses, values, memory: run.memory, inBits8: eightBit(run.parameters) }
      }
      const unpaged = await trained({ optimizerMemory: 'gpu', checkpointing: false })
      const paged = await trained({ optimizerMemory: 'paged', checkpointing })
      expect(paged.losses).toEqual(unpaged.losses)
      expect(paged.values).toEqual(unpaged.values)
      expect(unpaged.losses[steps - 1]).toBeLessThan(unpaged.losses[0])

      const statesOf = (memory: typeof paged.memory) => memory.parts.find((p) => p.purpose === 'optimizer')!.bytes
      const { trainableParameters, hostBytes = 0 } = paged.memory
      if (optimizer === 'adamw') expect(hostBytes).toBeGreaterThanOrEqual(trainableParameters * 8)
      else {
        // Two bytes per value and two scales per block; values in tensors of fewer than 4096 values take 8 bytes each.
        const { inBits8 } = paged
        expect(inBits8).toBeGreaterThan(trainableParameters / 2)
        expect(hostBytes).toBeGreaterThanOrEqual((inBits8 * 520) / 256 + (trainableParameters - inBits8) * 8)
        expect(hostBytes).toBeLessThan(trainableParameters * 4)
        const usual = await trained({ optimizer: 'adamw', checkpointing: false })
        expect(statesOf(unpaged.memory)).toBeLessThan(statesOf(usual.memory) / 2)
        expect(Math.abs(unpaged.losses[steps - 1] - usual.losses[steps - 1])).toBeLessThan(0.02 * usual.losses[steps - 1])
        expect(unpaged.losses).not.toEqual(usual.losses)
      }
      expect(unpaged.memory.hostBytes).toBeUndefined()
      if (pageValues) expect(statesOf(paged.memory)).toBeLessThan(statesOf(unpaged.memory))
      release(gpu, model.plan.slots)
    },
  )
})
