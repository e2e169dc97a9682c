// A run that is resumed from a snapshot computes the same bits as one that was not interrupted.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import type { LoadedModel } from '../peft/loaded-model'
import { methodNamed } from '../peft/registry'
import { openTestGpu } from '../testing/device'
import { randomBase, resumeDifferences } from '../testing/resumed-run'

let gpu: Gpu
let model: LoadedModel
beforeAll(async () => {
  gpu = await openTestGpu()
  model = await randomBase(gpu)
})
afterAll(() => gpu.destroy())

test.each([
  ['lora', { dropout: 0.1 }, {}],
  ['lora', { r: 64 }, { optimizer: 'adamw-8bit' }],
  ['full', {}, { optimizerMemory: 'paged' }],
] as const)('%s %j %j', async (name, settings, training) => {
  expect(await resumeDifferences(gpu, model, { method: methodNamed(name), settings, training })).toEqual([])
})
