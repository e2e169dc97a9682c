// Methods that act on layers, against PEFT, the adapters library and our own reference (../shared/oracle/methods).
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { openTestGpu } from '../testing/device'
import { oracle, present } from '../testing/golden'
import { checkGoldenCase } from '../testing/golden-case'

const cases = ['lora_dora', 'ia3', 'houlsby', 'lora_moe', 'lora_moe_block', 'lora_embedding_target', 'lora_modules_to_save']

describe.skipIf(!present(oracle))('methods on layers', () => {
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
