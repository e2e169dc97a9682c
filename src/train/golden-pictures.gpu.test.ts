// Models that see pictures, and methods on them, against transformers and PEFT: logits, loss, every gradient, and ten optimizer steps.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { release } from '../tensor/program'
import { openTestGpu } from '../testing/device'
import { goldenFolder, largestDifference, loadModel, present, readFloats } from '../testing/golden'
import { nodeCodecs } from '../cli/node/picture-codecs'
import { classify, pixelsOf } from '../decode/classify'
import { ownProcessor } from '../decode/model-processor'
import { pictureReader, pictureSource } from '../pictures/loader'
import { fileOf } from '../pictures/testing/tiny-picture'
import { testGoldenCases } from '../testing/golden-case'
import { goldenPixels } from '../testing/golden-pictures'
import { checkProcessor } from './picture-run'

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

// e2e/interop/make_deit.py makes it: facebook/deit-tiny-patch16-224 and its kind are ViT by their config.json, with another processor.
test('logits of DeiT without a distillation token, from files of pictures, within 1e-4 of transformers', async () => {
  const deit = goldenFolder('tiny_deit')
  const model = await loadModel(gpu, deit, 'f32')
  const processor = await ownProcessor(model.file)
  expect(processor.kind).toBe('DeiT')
  checkProcessor(model.file, processor)
  const entries = [0, 1, 2].map((i) => ({ file: fileOf(`${i}.png`, readFileSync(join(deit, `${i}.png`))), label: 0 }))
  const pictures = pixelsOf(pictureSource(pictureReader(entries, { processor, codecs: nodeCodecs() })), entries.keys())
  const got = await classify(gpu, model, undefined, pictures, 2)
  const want = (await readFloats(join(deit, 'expected.safetensors'))).get('logits')!.values
  expect(got).toHaveLength(want.length)
  expect(largestDifference(got, want)).toBeLessThan(1e-4)
  release(gpu, model.plan.slots)
})

// Of the blocks that are computed again, those with prompts of their own have the most inputs.
testGoldenCases(() => gpu, ['vpt_deep'])
testGoldenCases(() => gpu, ['full_vit', 'lora_vit', 'linear_probe_vit', 'vpt_shallow'], [false])
