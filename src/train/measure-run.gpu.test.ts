// A run is measured in few steps, with several numbers of rows at once. Nothing stays on the GPU.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Gpu } from '../gpu/gpu'
import { methodNamed } from '../peft/registry'
import { openTestGpu } from '../testing/device'
import { randomBase, resumeRequest } from '../testing/resumed-run'
import { fitRequest } from './fit-run'
import { measureRun } from './measure-run'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu.destroy())

test('sizes up to the budget, each with its exact bytes; a stop ends it', async () => {
  const base = await randomBase(gpu)
  const request = await resumeRequest(base, {
    method: methodNamed('lora'),
    settings: {},
    training: { batchSize: 2, accumulate: 2, evalEvery: 0 },
  })
  const before = gpu.bytes
  const { memory } = await fitRequest({ profile: gpu.profile }, request)
  const limit = memory.totalBytes + 1000
  const tight = { ...request, training: { ...request.training, memoryBudget: limit / 2 ** 20 } }
  const { sizes, end } = await measureRun(gpu, tight, { sizes: true })
  expect(end).toBeDefined()
  expect(sizes.slice(0, 2)).toMatchObject([
    { rows: 1, accumulate: 4 },
    { rows: 2, accumulate: 2, bytes: memory.totalBytes, steps: memory.steps },
  ])
  for (const { bytes, stepMs, runMs, steps, tokensPerSecond } of sizes) {
    expect(bytes).toBeLessThanOrEqual(limit)
    expect(runMs).toBeGreaterThan(stepMs * steps)
    expect(tokensPerSecond).toBeGreaterThan(0)
  }

  const stop = new AbortController()
  const stopped = measureRun(gpu, request, { sizes: true, signal: stop.signal, onUpdate: () => stop.abort(new Error('stopped')) })
  await expect(stopped).rejects.toThrow('stopped')
  expect(gpu.bytes).toBe(before)
})
