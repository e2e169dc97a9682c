// Compares the logits of whole models with transformers and llama.cpp (../shared/oracle/llamacpp).
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import type { Gpu } from '../gpu/gpu'
import { loadBase, planBase } from '../models/base-model'
import { release } from '../tensor/program'
import { ggufOf } from '../testing/gguf-from-folder'
import { goldenModels, keptModels } from '../testing/golden-families'
import {
  goldenFolder,
  largestDifference,
  loadModel,
  oracle,
  present,
  readFloats,
  readIds,
  readJson,
  shared,
  sourcesOf,
  type GoldenBatch,
} from '../testing/golden'
import { openTestGpu, testProfiles } from '../testing/device'
import { methodBase } from '../peft/base'
import { logitsOf } from '../decode/logits'
import type { LoadedModel } from '../peft/loaded-model'

const profiles = { plain: {}, tiled: testProfiles.hardware } as const

describe.each(Object.entries(profiles))('logits, %s kernels', (_, profile) => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu({ profile })
  })
  afterAll(() => gpu.destroy())

  async function checkLogits(model: LoadedModel, golden: string, bound: number): Promise<void> {
    const inputs = readJson<GoldenBatch>(join(golden, 'inputs.json'))
    const want = (await readFloats(join(golden, 'expected.safetensors'))).get('logits')!
    const [, length, vocab] = want.shape
    for (const [b, ids] of inputs.input_ids.entries()) {
      const count = inputs.attention_mask[b].reduce((x, y) => x + y, 0)
      const got = await logitsOf(gpu, model.plan, {}, undefined, ids.slice(0, count))
      expect(largestDifference(got, want.values.subarray(b * length * vocab, (b * length + count) * vocab))).toBeLessThan(bound)
    }
    release(gpu, model.plan.slots)
  }

  for (const { name, within: bound, gguf } of [...keptModels, ...goldenModels]) {
    const golden = goldenFolder(name)
    const here = present(golden)

    test.skipIf(!here)(`${name} within ${bound} of transformers`, async () => {
      await checkLogits(await loadModel(gpu, golden, 'f32'), golden, bound)
    })

    // GGUF has no metadata that say how this rotary scaling is computed.
    test.skipIf(!here || !gguf || name === 'llama3_rope')(`${name} as GGUF within ${bound} of transformers`, async () => {
      const bytes = await ggufOf(await openModel(sourcesOf(golden)))
      const file = await openModel([new MemorySource(`${name}.gguf`, bytes)])
      expect(file.container).toBe('gguf')
      const plan = planBase(file, 'native', gpu.profile.maxBindingBytes)
      await loadBase(gpu, plan)
      await checkLogits({ file, plan, base: methodBase(plan, undefined), tokenizer: undefined }, golden, bound)
    })
  }

  test.skipIf(!present(join(oracle, 'llamacpp'))).each(['f16', 'q8_0', 'q4_0', 'q4_k_m'])(
    'TinyStories-656K.%s.gguf within 2e-4 of llama.cpp',
    async (type) => {
      const model = await loadModel(gpu, join(shared, 'models', 'TinyStories-656K-gguf', `TinyStories-656K.${type}.gguf`), 'native')
      const golden = await readFloats(join(oracle, 'llamacpp', `TinyStories-656K.${type}.safetensors`))
      const ids = await readIds(join(oracle, 'llamacpp', `TinyStories-656K.${type}.safetensors`))
      const got = await logitsOf(gpu, model.plan, {}, undefined, ids)
      const want = golden.get('logits')!.values
      expect(largestDifference(got.subarray(got.length - want.length), want)).toBeLessThan(2e-4)
      release(gpu, model.plan.slots)
    },
  )
})
