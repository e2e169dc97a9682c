// Methods against PEFT (../shared/oracle/methods): loss, every gradient, and ten optimizer steps in two variants.
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu, testProfiles } from '../testing/device'
import { oracle, present } from '../testing/golden'
import { checkGoldenCase } from '../testing/golden-case'

const cases = [
  'lora_all_linear',
  'lora_qv',
  'lora_rslora',
  'lora_rank_pattern',
  'lora_tied',
  'lora_qwen2',
  'qlora_nf4',
  'prompt_tuning_random',
  'prompt_tuning_text',
]

describe.skipIf(!present(oracle))('methods against PEFT', () => {
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

describe.skipIf(!present(oracle))('methods against PEFT, with the kernels of real GPUs', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu({ profile: testProfiles.hardware })
  })
  afterAll(() => gpu.destroy())

  test.each(['lora_all_linear', 'lora_qwen2', 'qlora_nf4', 'prompt_tuning_text'])('%s', { timeout: 120_000 }, (name) =>
    checkGoldenCase(gpu, name, false),
  )
})
