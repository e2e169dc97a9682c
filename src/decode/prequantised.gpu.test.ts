// Folders that were quantised before they were published give the logits of their dequantised twins (transformers, in float64).
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openModel } from '../formats/open-model'
import { prequantisedTwins } from '../formats/testing/shared'
import type { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { logitsOf } from './logits'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu?.destroy())

describe.each(prequantisedTwins)('$name', ({ name, sources, expected }) => {
  it('computes what its twin computes', async () => {
    const file = await openModel(sources)
    const turned = [...file.tensors.values()].some((entry) => entry.native)
    // What the base precision native turns into Q8_0 has other values, so the twin is compared in f32, and one in Q8_0 by its distance.
    for (const base of turned ? (['f32', ...(name === 'fp8_blocks' ? (['native'] as const) : [])] as const) : (['native'] as const)) {
      const plan = planBase(file, base, gpu.profile.maxBindingBytes)
      await loadBase(gpu, plan)
      const logits = (await logitsOf(gpu, plan, {}, undefined, expected.ids)).slice(-expected.logits.length)
      release(gpu, plan.slots)
      const furthest = Math.max(...expected.logits.map((value, i) => Math.abs(value - logits[i]!)))
      expect(furthest).toBeLessThan(turned && base === 'native' ? 0.05 : 3e-5)
    }
  })
})
