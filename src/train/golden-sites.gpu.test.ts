// Compares methods that act on layers with PEFT, the adapters library and our own reference.
import { afterAll, beforeAll, describe } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { testGoldenCases } from '../testing/golden-case'

const cases = [
  'tiny_dora',
  'tiny_ia3',
  'tiny_ln_tuning',
  'lora_dora',
  'ia3',
  'houlsby',
  'lora_moe',
  'lora_moe_block',
  'lora_embedding_target',
  'lora_modules_to_save',
]

describe('methods on layers', () => {
  let gpu: Gpu
  beforeAll(async () => {
    gpu = await openTestGpu()
  })
  afterAll(() => gpu.destroy())

  testGoldenCases(() => gpu, cases)
})
