// Compares methods with PEFT on families whose architecture differs from Llama's, and decoding with transformers on every family.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu, testProfiles } from '../testing/device'
import { release } from '../tensor/program'
import { familyCases, goldenModels, keptModels, likeCases } from '../testing/golden-families'
import { goldenFolder, loadModel, present, readJson } from '../testing/golden'
import { testGoldenCases } from '../testing/golden-case'
import { Generator } from './generate'

/** The model continues a prompt as transformers did. */
async function checkGreedy(gpu: Gpu, name: string): Promise<void> {
  const folder = goldenFolder(name)
  const model = await loadModel(gpu, folder, 'f32')
  const { prompt, output } = readJson<{ greedy: { prompt: number[]; output: number[] } }>(join(folder, 'expected.json')).greedy
  // The context has 100 tokens, or as many as the output where the rotary factors depend on it. The prompt is computed as one padded piece, so attention windows must be right with padding too.
  const generator = new Generator(gpu, model.plan, [{ hooks: {}, rows: 1 }], model.file.config.rope?.long ? output.length : 100)
  await generator.prepare()
  const [{ ids }] = await generator.generate([{ prompt, maxTokens: output.length - prompt.length, temperature: 0, seed: 0, stop: [] }])
  expect([...prompt, ...ids]).toEqual(output)
  generator.release()
  release(gpu, model.plan.slots)
}

describe('families', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  testGoldenCases(() => gpu, familyCases)
  testGoldenCases(() => gpu, likeCases, [false])

  // transformers changes the factors of this one's frequencies while it writes, and computes all keys again.
  for (const { name } of [...keptModels, ...goldenModels].filter((model) => model.name !== 'phi3_longrope'))
    test.skipIf(!present(goldenFolder(name)))(`${name} continues as transformers does`, { timeout: 60_000 }, () => checkGreedy(gpu, name))

  test.skipIf(!present(goldenFolder('gemma2')))('gemma2 continues so by the kernels of real GPUs too', { timeout: 60_000 }, async () => {
    // Its attention has windows, capped scores and its own scale.
    const hardware = await openTestGpu({ profile: testProfiles.hardware })
    await checkGreedy(hardware, 'gemma2').finally(() => hardware.destroy())
  })
})
