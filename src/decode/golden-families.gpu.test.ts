// Methods on families that are not built as Llama is, against PEFT (../shared/oracle/methods); and decoding on every family.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu, testProfiles } from '../testing/device'
import { release } from '../tensor/program'
import { familyCases, goldenModels } from '../testing/golden-families'
import { loadModel, oracle, present, readJson } from '../testing/golden'
import { checkGoldenCase } from '../testing/golden-case'
import { Generator } from './generate'

/** The model continues a prompt as transformers did. */
async function checkGreedy(gpu: Gpu, name: string): Promise<void> {
  const model = await loadModel(gpu, join(oracle, name), 'f32')
  const { prompt, output } = readJson<{ greedy: { prompt: number[]; output: number[] } }>(join(oracle, name, 'expected.json')).greedy
  // 100 tokens of room: the prompt goes in as one padded piece, so windows must hold for padding too.
  const generator = new Generator(gpu, model.plan, [{ hooks: {}, rows: 1 }], 100)
  await generator.prepare()
  const [{ ids }] = await generator.generate([{ prompt, maxTokens: output.length - prompt.length, temperature: 0, seed: 0, stop: [] }])
  expect([...prompt, ...ids]).toEqual(output)
  generator.release()
  release(gpu, model.plan.slots)
}

describe.skipIf(!present(oracle))('families', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  test.each(familyCases.flatMap((name) => [[name, false] as const, [name, true] as const]))(
    '%s, checkpointing %s',
    { timeout: 120_000 },
    (name, checkpointing) => checkGoldenCase(gpu, name, checkpointing),
  )

  test.each(goldenModels)('$name continues as transformers does', { timeout: 60_000 }, ({ name }) => checkGreedy(gpu, name))

  test('so does the one with windows, capped scores and a scale of its own, by the kernels of real GPUs', { timeout: 60_000 }, async () => {
    const hardware = await openTestGpu({ profile: testProfiles.hardware })
    await checkGreedy(hardware, 'gemma2').finally(() => hardware.destroy())
  })
})
