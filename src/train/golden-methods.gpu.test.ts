// Compares methods with PEFT: loss, every gradient, and ten optimizer steps in two variants.
import { afterAll, beforeAll, describe } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu, testProfiles } from '../testing/device'
import { testGoldenCases } from '../testing/golden-case'

const cases = [
  'tiny_lora',
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

describe('methods against PEFT', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  testGoldenCases(() => gpu, cases)
})

describe('methods against PEFT, with the kernels of real GPUs', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu({ profile: testProfiles.hardware })
  })
  afterAll(() => gpu.destroy())

  testGoldenCases(() => gpu, ['lora_all_linear', 'lora_qwen2', 'qlora_nf4', 'prompt_tuning_text'], [false])
})
