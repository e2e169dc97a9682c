// Models that see pictures, and methods on them, against transformers and PEFT: logits, loss, every gradient, and ten optimizer steps.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { goldenFolder, largestDifference, loadModel, present, readFloats } from '../testing/golden'
import { classify } from '../decode/classify'
import { testGoldenCases } from '../testing/golden-case'
import { goldenPixels } from '../testing/golden-pictures'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

const folder = goldenFolder('vit')

test.skipIf(!present(folder))('logits of ViT within 1e-4 of transformers', async () => {
  const model = await loadModel(gpu, folder, 'f32')
  // The last batch is not full.
  const got = await classify(gpu, model, undefined, await goldenPixels(folder), 3)
  const want = (await readFloats(join(folder, 'expected.safetensors'))).get('logits')!.values
  expect(largestDifference(got, want)).toBeLessThan(1e-4)
  release(gpu, model.plan.slots)
})

// Of the blocks that are computed again, those with prompts of their own have the most inputs.
testGoldenCases(() => gpu, ['vpt_deep'])
testGoldenCases(() => gpu, ['full_vit', 'lora_vit', 'linear_probe_vit', 'vpt_shallow'], [false])
