// LoRA on every linear layer of the families that have no other case of a method: four steps have PEFT's losses (make_golden.py
// lora_families). Both sides compute the start values by the same formula, so the golden is one small file.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { loraFamilies } from '../testing/golden-families'
import { type GoldenBatch, goldenFolder, loadModel, microBatch, readJson } from '../testing/golden'
import { endRun, planRun, startRun } from './run'

const method = methodNamed('lora')

function byFormula(key: string, count: number): Float32Array<ArrayBuffer> {
  const offset = [...key].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 1000
  return Float32Array.from({ length: count }, (_, i) => 0.2 * Math.sin(1.7 * i + offset))
}

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

test.each(Object.entries(loraFamilies))('%s', { timeout: 60_000 }, async (name, { tensors, losses }) => {
  const model = await loadModel(gpu, goldenFolder(name), 'f32')
  const batch = microBatch(readJson<GoldenBatch>(join(goldenFolder(name), 'inputs.json')))
  const settings = { ...defaults(method.fields), r: 2, alpha: 4, targetModules: 'all-linear' }
  const training = defaultTraining({
    batchSize: batch.rows,
    maxLength: batch.length,
    learningRate: 1e-2,
    weightDecay: 0.01,
    decayAll: true,
    schedule: 'constant',
    warmup: 0,
    clip: 0,
  })
  const wanted = {
    profile: gpu.profile,
    model,
    method,
    settings,
    training,
    trainLengths: [batch.length],
    evalLengths: [],
    steps: losses.length,
  }
  const { parameters } = await planRun(wanted)
  const initial = new Map(
    parameters.names.map((key) => {
      const shape = parameters.shape(key)
      return [
        key,
        {
          shape,
          values: byFormula(
            key,
            shape.reduce((a, b) => a * b, 1),
          ),
        },
      ]
    }),
  )
  expect(initial.size).toBe(tensors)
  const run = await planRun({ ...wanted, initial })
  await startRun(gpu, run)
  const got: number[] = []
  for (const step of losses.keys()) got.push((await run.session.step(gpu, [batch], 1e-2, step + 1)).loss)
  got.forEach((loss, step) => expect(Math.abs(loss - losses[step]), `loss of step ${step}`).toBeLessThan(1e-4))
  await endRun(gpu, run)
  release(gpu, model.plan.slots)
})
