// Every rate of a sweep starts from the same weights and empty states, also after a rate at which the loss was not finite.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unstableBy } from '../config/rate-sweep'
import type { Settings } from '../config/field'
import type { Gpu } from '../gpu/gpu'
import { methodNamed } from '../peft/registry'
import { openTestGpu } from '../testing/device'
import { randomBase, resumeRequest } from '../testing/resumed-run'
import { sweepRates } from './rate-sweep'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

test.each([
  ['full', {}],
  ['lora', { optimizer: 'adamw-8bit', optimizerMemory: 'paged' }],
] as const)('%s with %j', async (name, training) => {
  const base = await randomBase(gpu)
  const settings: Settings = name === 'lora' ? { r: 64 } : {}
  const request = await resumeRequest(base, { method: methodNamed(name), settings, training: { ...training, clip: 0 } })
  const { trials } = await sweepRates(gpu, request, { steps: 6, first: [1e-2, 1e4, 1e-2] })
  const [first, wild, again] = trials
  expect(first.losses).toHaveLength(6)
  expect(again).toEqual(first)
  expect(first.losses.at(-1)).toBeLessThan(first.losses[0])
  expect(wild.losses[0]).toBe(first.losses[0])
  expect(unstableBy(wild, trials)).toBeDefined()
})
