// Compares prompts, prefixes and LLaMA-Adapter with PEFT: loss, every gradient, and ten optimizer steps in two variants.
import { afterAll, beforeAll, describe } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { testGoldenCases } from '../testing/golden-case'

const cases = [
  'tiny_prompt_tuning',
  'tiny_prefix_tuning',
  'tiny_adaption_prompt',
  'prefix_tuning',
  'prefix_tuning_projection',
  'prefix_tuning_qwen2',
  'ptuning_mlp',
  'ptuning_lstm',
  'adaption_prompt',
]

describe('prompts against PEFT', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  testGoldenCases(() => gpu, cases)
})
