// CLIP against transformers: scores and features, and the methods that were made for it.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { classify } from '../decode/classify'
import { featuresOf } from '../decode/features'
import type { Gpu } from '../gpu/gpu'
import { withClassTexts } from '../peft/class-texts'
import { loadModel } from '../peft/loaded-model'
import { openModel } from '../formats/open-model'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { testGoldenCases } from '../testing/golden-case'
import { goldenFolder, largestDifference, present, readFloats, readJson, sourcesOf } from '../testing/golden'
import { goldenPixels } from '../testing/golden-pictures'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

const folder = goldenFolder('clip')

// The other forms of CoOp are made by e2e/interop/make_context.py.
testGoldenCases(() => gpu, ['coop_specific', 'coop_middle'], [false])
// Of the two, the texts of CoCoOp depend on each picture.
testGoldenCases(() => gpu, ['coop'], [true])
testGoldenCases(() => gpu, ['cocoop'])

test.skipIf(!present(folder))('scores of CLIP within 1e-4 of transformers', async () => {
  const {
    class_name_tokens: ids,
    template_tokens: before,
    dot_token: dot,
  } = readJson<{
    class_name_tokens: number[][]
    template_tokens: number[]
    dot_token: number
  }>(join(folder, 'inputs.json'))
  const classes = { names: ids.map((own) => own.join(' ')), ids }
  const file = withClassTexts(await openModel(sourcesOf(folder), { pictures: true }), classes, [`${before.join(' ')} {} ${dot}`])
  const model = await loadModel(gpu, file, 'f32')
  const want = await readFloats(join(folder, 'expected.safetensors'))
  // The last batch is not full.
  const pixels = await goldenPixels(folder)
  const scores = await classify(gpu, model, undefined, pixels, 3)
  const { pictures, texts, scale } = await featuresOf(gpu, model, undefined, pixels, 3)
  for (const [name, got] of [
    ['logits_per_image', scores],
    ['image_embeds', pictures],
    ['text_embeds', texts],
  ] as const)
    expect(largestDifference(got, want.get(name)!.values), name).toBeLessThan(1e-4)
  expect(scale).toBeCloseTo(12.5, 4)
  release(gpu, model.plan.slots)
})
