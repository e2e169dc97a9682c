// The check of the base reads what the GPU has: it finds every changed word, whatever the format, and nothing after training.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cancelled } from '../config/errors'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { BaseSums } from '../models/base-sums'
import { randomModel } from '../models/random-model'
import { type LoadedModel, loadModel, moveModel } from '../peft/loaded-model'
import { methodNamed } from '../peft/registry'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { microBatch } from '../testing/golden'
import { endRun, planRun, startRun } from './run'

const shape = { family: 'qwen2', layers: 1, hidden: 64, intermediate: 128, heads: 2, kvHeads: 1, vocab: 64, context: 64, tied: true }
const ids = [1, 5, 7, 9, 11, 13, 15, 17]
const batch = microBatch({ input_ids: [ids], attention_mask: [ids.map(() => 1)], labels: [ids] })

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

const opened = (base: 'native' | 'nf4') => loadModel(gpu, randomModel('random', shape), base, { sums: new BaseSums() })
const checked = (model: LoadedModel, signal?: AbortSignal) => model.sums!.check(gpu, { signal })

async function trained(model: LoadedModel, name: string): Promise<void> {
  const method = methodNamed(name)
  const training = defaultTraining({ ...method.training, batchSize: 1, maxLength: ids.length, learningRate: 0.01 })
  const settings = defaults(method.fields)
  const lengths = { trainLengths: [ids.length], evalLengths: [] }
  const run = await planRun({ profile: gpu.profile, model, method, settings, training, ...lengths, steps: 2 })
  await startRun(gpu, run)
  for (let step = 1; step <= 2; step++) expect((await run.session.step(gpu, [batch], 0.01, step)).finite).toBe(true)
  await endRun(gpu, run)
}

describe.each(['native', 'nf4'] as const)('a base in %s', (base) => {
  test('is the same after training, whether a method leaves its tensors or takes their place', async () => {
    const model = await opened(base)
    const before = await checked(model)
    expect(before).toMatchObject({ changed: [], putBack: 0, tensors: model.plan.matrices.size + model.plan.vectors.size })
    await trained(model, 'lora')
    await trained(model, 'bitfit')
    expect(await checked(model)).toMatchObject({ sum: before.sum, changed: [], putBack: 0 })
    await trained(model, 'full')
    const after = await checked(model)
    expect(after).toMatchObject({ sum: before.sum, changed: [], sizeBytes: before.sizeBytes })
    expect(after.putBack).toBeGreaterThan(0)
    release(gpu, model.plan.slots)
  })

  test('each changed word is found, and its tensor named', async () => {
    const model = await opened(base)
    const { sum } = await checked(model)
    const name = 'model.layers.0.mlp.up_proj.weight'
    const { slots, vectors } = model.plan
    const slotOf = (label: string) => slots.find((slot) => slot.label === label)!
    gpu.device.queue.writeBuffer(slotOf(name).buffer!, slotOf(name).sizeBytes - 4, Uint32Array.of(0x12345678))
    const changed = await checked(model)
    expect(changed.changed).toEqual([name])
    expect(changed.sum).not.toBe(sum)
    const norm = vectors.get('model.norm.weight')!
    gpu.device.queue.writeBuffer(slotOf('norms and biases').buffer!, norm.offset, Float32Array.of(7))
    expect((await checked(model)).changed).toEqual([name, 'model.norm.weight'])
    // Uploaded again, it has its bits back.
    const fresh = await moveModel(gpu, model)
    expect(await checked(fresh)).toMatchObject({ sum, changed: [] })
    for (const { plan } of [model, fresh]) release(gpu, plan.slots)
  })
})

test('a check can be cancelled, and weights that are not on the GPU are not taken for unchanged ones', async () => {
  const model = await opened('native')
  await expect(checked(model, AbortSignal.abort(new Cancelled()))).rejects.toMatchObject({ kind: 'Cancelled' })
  release(gpu, model.plan.slots)
  await expect(checked(model)).rejects.toThrow(/^base: expected .+ on the GPU, got nothing there\. Open the model again\.$/)
})
