// Prompts, prefixes and LLaMA-Adapter against PEFT (../shared/oracle/methods): loss, every gradient, and ten optimizer steps in two variants.
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { oracle, present } from '../testing/golden'
import { checkGoldenCase } from '../testing/golden-case'

const cases = ['prefix_tuning', 'prefix_tuning_projection', 'prefix_tuning_qwen2', 'ptuning_mlp', 'ptuning_lstm', 'adaption_prompt']

describe.skipIf(!present(oracle))('prompts against PEFT', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  test.each(cases.flatMap((name) => [[name, false] as const, [name, true] as const]))(
    '%s, checkpointing %s',
    { timeout: 120_000 },
    (name, checkpointing) => checkGoldenCase(gpu, name, checkpointing),
  )
})
