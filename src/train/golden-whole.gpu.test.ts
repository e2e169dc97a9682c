// Methods that train the base's own tensors, against transformers (../shared/oracle/methods).
import { afterAll, beforeAll, describe, test } from 'vitest'
import { Gpu } from '../gpu/gpu'
import { oracle, present } from '../testing/golden'
import { checkGoldenCase } from '../testing/golden-case'
import { nodeGpu } from '../testing/node-gpu'

const cases = ['bitfit_qwen2', 'bitfit_gpt2', 'last_n_layers', 'full', 'full_tied']

describe.skipIf(!present(oracle))('methods that train the base itself', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await Gpu.open(await nodeGpu())
  })
  afterAll(() => gpu.destroy())

  test.each(cases.flatMap((name) => [[name, false] as const, [name, true] as const]))('%s, checkpointing %s', { timeout: 120_000 }, (name, checkpointing) => checkGoldenCase(gpu, name, checkpointing))
})
