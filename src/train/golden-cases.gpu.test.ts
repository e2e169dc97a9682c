// Compares models from public reports with transformers: ../shared/cases.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { largestDifference, loadModel, present, readJson, shared } from '../testing/golden'
import { logitsOf } from '../decode/logits'

const cases = join(shared, 'cases')

interface Expected {
  ids: number[]
  /** Rounded to four decimal places. */
  last_position_logits_0_to_7: number[]
}

describe.skipIf(!present(cases))('cases from public reports', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  test.each([
    ['a tied flag beside two tables', 'tied-but-both-stored', 'model', 'expected.json'],
    ['rotary factor without a type', 'gguf-rope-scale', 'factor-without-type.gguf', 'expected-factor-without-type.json'],
    ['the old key for it', 'gguf-rope-scale', 'old-scale-linear.gguf', 'expected-old-scale-linear.json'],
  ])('%s', async (_, folder, file, expected) => {
    const want = readJson<Expected>(join(cases, folder, expected))
    const model = await loadModel(gpu, join(cases, folder, file), 'f32')
    const all = await logitsOf(gpu, model.plan, {}, undefined, want.ids)
    const last = all.subarray((want.ids.length - 1) * model.file.config.vocab)
    expect(largestDifference(last, Float32Array.from(want.last_position_logits_0_to_7))).toBeLessThan(1.5e-4)
    release(gpu, model.plan.slots)
  })
})
