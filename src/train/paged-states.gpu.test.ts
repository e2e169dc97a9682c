// Optimizer states in main memory: the same bits as on the GPU, and less memory there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { join } from 'node:path'
import { defaults } from '../config/field'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import { Gpu } from '../gpu/gpu'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { type GoldenBatch, loadModel, microBatch, oracle, present, readJson } from '../testing/golden'
import { nodeGpu } from '../testing/node-gpu'
import { endRun, planRun, startRun } from './run'

const steps = 20

describe.skipIf(!present(oracle))('paged optimizer states', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await Gpu.open(await nodeGpu())
  })
  afterAll(() => gpu.destroy())

  // 2048 values a page make many pages of full fine-tuning, few of LoRA, and in the last case less than one.
  test.each([
    ['full', 2048, false],
    ['lora', 2048, true],
    ['full', undefined, true],
  ] as const)(
    '%s in pages of %s, checkpointing %s: bit for bit over 20 steps',
    { timeout: 120_000 },
    async (name, pageValues, checkpointing) => {
      const model = await loadModel(gpu, join(oracle, 'llama_tied'), 'f32')
      const method = methodNamed(name)
      const batch = microBatch(readJson<GoldenBatch>(join(oracle, 'llama_tied', 'inputs.json')))
      const trained = async (differing: Partial<TrainingSettings>) => {
        const training = defaultTraining({ batchSize: batch.rows, maxLength: 64, weightDecay: 0.1, clip: 0.5, ...differing })
        const run = await planRun({
          profile: gpu.profile,
          model,
          method,
          settings: defaults(method.fields),
          training,
          trainLengths: [batch.length],
          evalLengths: [],
          steps,
          pageValues,
        })
        gpu.resetPeak()
        await startRun(gpu, run)
        expect(gpu.peakBytes).toBe(run.memory.totalBytes)
        // As the trainer does it: a step is submitted before the one before it is read.
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
        return { losses, values, memory: run.memory }
      }
      const unpaged = await trained({ optimizerMemory: 'gpu', checkpointing: false })
      const paged = await trained({ optimizerMemory: 'paged', checkpointing })
      expect(paged.losses).toEqual(unpaged.losses)
      expect(paged.values).toEqual(unpaged.values)
      expect(unpaged.losses[steps - 1]).toBeLessThan(unpaged.losses[0])

      const optimizer = (memory: typeof paged.memory) => memory.parts.find((p) => p.purpose === 'optimizer')!.bytes
      expect(paged.memory.hostBytes).toBeGreaterThanOrEqual(paged.memory.trainableParameters * 8)
      expect(unpaged.memory.hostBytes).toBeUndefined()
      if (pageValues) expect(optimizer(paged.memory)).toBeLessThan(optimizer(unpaged.memory))
      release(gpu, model.plan.slots)
    },
  )
})
