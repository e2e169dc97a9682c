// A base whose matrices are cut into parts, since one binding would be too small, gives the same logits; and what is refused.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { OutOfMemoryError } from '../config/errors'
import { say } from '../config/phrase'
import type { BaseFormat } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { release } from '../tensor/program'
import { largestDifference } from '../testing/golden'
import { randomModel } from './random-model'
import { logitsOf } from '../decode/logits'
import { loadBase, planBase } from './base-model'

const shape = { family: 'llama', layers: 2, hidden: 64, intermediate: 160, heads: 4, kvHeads: 2, vocab: 320, context: 64 }
const ids = [1, 319, 63, 64, 127, 128, 200, 5]

describe('a base in parts', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  async function logits(base: BaseFormat, maxBindingBytes: number): Promise<{ values: Float32Array; parts: number }> {
    const plan = planBase(randomModel('random', { ...shape, tied: false }), base, maxBindingBytes)
    const before = gpu.bytes
    await loadBase(gpu, plan)
    expect(gpu.bytes - before).toBe(plan.sizeBytes)
    const values = await logitsOf(gpu, plan, {}, undefined, ids)
    release(gpu, plan.slots)
    expect(gpu.bytes).toBe(before)
    return { values, parts: Math.max(...[...plan.matrices.values()].map((w) => w.parts.length)) }
  }

  test.each([
    ['f32', 16_384],
    ['f16', 8192],
    ['nf4', 4096],
  ] as const)('%s in bindings of %d bytes', async (base, limit) => {
    const whole = await logits(base, 2 ** 30)
    const cut = await logits(base, limit)
    expect(whole.parts).toBe(1)
    expect(cut.parts).toBeGreaterThan(2)
    expect(largestDifference(cut.values, whole.values)).toBeLessThan(1e-5)
  })

  test('a model that lacks tensors is refused with their names, before anything is allocated', () => {
    const model = randomModel('random', shape)
    const tensors = new Map(model.tensors)
    tensors.delete('model.norm.weight')
    tensors.set('model.layers.1.mlp.up_proj.weight', { ...tensors.get('model.layers.1.mlp.up_proj.weight')!, shape: [4, 64] })
    expect(() => planBase({ ...model, tensors }, 'f32', 2 ** 30)).toThrow(
      /model\.layers\.1\.mlp\.up_proj\.weight should be \[160, 64\] and is \[4, 64\]; model\.norm\.weight is missing/,
    )
  })

  test('an unknown family is refused, naming those that run', () => {
    const model = randomModel('random', shape)
    expect(() => planBase({ ...model, config: { ...model.config, family: 'mamba' } }, 'f32', 2 ** 30)).toThrow(/Llama, Qwen2, .*got mamba/)
  })

  test('a load that is cancelled gives everything back', async () => {
    const plan = planBase(randomModel('random', shape), 'nf4', 2 ** 30)
    const before = gpu.bytes
    await expect(loadBase(gpu, plan, undefined, AbortSignal.abort())).rejects.toMatchObject({ kind: 'Cancelled' })
    expect(gpu.bytes).toBe(before)
  })

  test('a base that the device refuses says which base precisions take less', async () => {
    const plan = planBase(randomModel('random', { ...shape, hidden: 256, intermediate: 1024 }), 'f32', 2 ** 30)
    vi.spyOn(gpu, 'allocating').mockRejectedValueOnce(new OutOfMemoryError(say`GPU: no memory for the model.`))
    await expect(loadBase(gpu, plan)).rejects.toThrow(
      /^GPU: no memory for the model\. Instead of \d+ MiB it takes \d+ MiB in f16, \d+ MiB in q8_0, \d+ MiB in nf4\. Choose one of these/,
    )
  })
})
