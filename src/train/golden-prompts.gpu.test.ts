// Prompts, prefixes and LLaMA-Adapter against PEFT (../shared/oracle/methods): loss, every gradient, and ten optimizer steps in two variants.
import { afterAll, beforeAll, describe, test } from 'vitest'
import { Gpu } from '../gpu/gpu'
import { oracle, present } from '../testing/golden'
import { checkGoldenCase } from '../testing/golden-case'
import { nodeGpu } from '../testing/node-gpu'

const cases = ['prefix_tuning', 'prefix_tuning_projection', 'prefix_tuning_qwen2', 'ptuning_mlp', 'ptuning_lstm', 'adaption_prompt']

describe.skipIf(!present(oracle))('prompts against PEFT', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await Gpu.open(await nodeGpu())
  })
  afterAll(() => gpu.destroy())

  test.each(cases.flatMap((name) => [[name, false] as const, [name, true] as const]))(
    '%s, checkpointing %s',
    { timeout: 120_000 },
    (name, checkpointing) => checkGoldenCase(gpu, name, checkpointing),
  )
})
