// Compares the gradient of every tensor of every family, along its own direction, with central differences of the loss. This finds paths
// that the tape leaves out (a norm's weight, learned positions, a capped logit, the tied head) even if no golden trains them.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultTraining } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { trainableTensors } from '../peft/base-tensors'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { gradientModels } from '../testing/golden-families'
import { type GoldenBatch, goldenFolder, loadModel, microBatch, oracle, present, readJson } from '../testing/golden'
import { endRun, planRun, startRun } from './run'

/** The change of the loss that one step should make: far above rounding errors, and small compared with the loss. */
const change = 0.003

describe.skipIf(!present(oracle))('gradients of all tensors', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  test.each(gradientModels)('%s', { timeout: 300_000 }, async (name, tokens) => {
    const model = await loadModel(gpu, goldenFolder(name), 'f32')
    const own = tokens && { input_ids: [tokens], attention_mask: [tokens.map(() => 1)], labels: [tokens] }
    const batch = microBatch(own ?? readJson<GoldenBatch>(join(goldenFolder(name), 'inputs.json')))
    const training = defaultTraining({ batchSize: batch.rows, maxLength: batch.length })
    const run = await planRun({
      profile: gpu.profile,
      model,
      method: methodNamed('full'),
      settings: { saveAs: 'f32' },
      training,
      trainLengths: [batch.length],
      evalLengths: [batch.length],
      steps: 1,
    })
    await startRun(gpu, run)
    await run.session.gradients(gpu, [batch])
    const gradients = await run.parameters.read(gpu, 'gradients')
    const values = await run.parameters.read(gpu)
    expect([...gradients.keys()].sort()).toEqual(
      trainableTensors(model.base)
        .map(({ name: tensor }) => tensor)
        .sort(),
    )

    for (const [key, gradient] of gradients) {
      const length = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0))
      // Scores only shift by a key's bias if keys are not rotated, so softmax makes its gradient 0.
      if (key.endsWith('k_proj.bias') && !model.plan.family.files.rotary) {
        expect(length, key).toBeLessThan(1e-5)
        continue
      }
      expect(length, key).toBeGreaterThan(1e-3)
      const start = values.get(key)!
      const { space, offset } = run.parameters.tensor(key)
      const put = (at: Float32Array<ArrayBuffer>) => space.kind === 'slot' && gpu.device.queue.writeBuffer(space.slot.buffer!, offset, at)
      const lossAt = async (step: number) => {
        put(start.map((v, i) => v + (step * gradient[i]) / length))
        // Without a backward pass, which would take three times as long.
        const { loss } = await run.session.evaluate(gpu, { count: 1, get: () => Promise.resolve([batch]) })
        return loss
      }
      // A number that stands alone would move so far that the loss is no parabola.
      const step = gradient.length === 1 ? Math.min(change / length, 0.1) : change / length
      const slope = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step)
      expect(Math.abs(slope / length - 1), `${key}: along its gradient expected ${length}, got ${slope}`).toBeLessThan(5e-3)
      put(start)
    }
    await endRun(gpu, run)
    release(gpu, model.plan.slots)
  })
})
