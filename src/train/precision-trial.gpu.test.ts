// The first steps of a run with both precisions: exact ones are those of the run itself, and fast ones differ by rounding only.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FormatError } from '../config/errors'
import { say, sentence } from '../config/phrase'
import { priceOf } from '../config/precision-trial'
import type { Gpu } from '../gpu/gpu'
import { methodNamed } from '../peft/registry'
import { openTestGpu, testProfiles } from '../testing/device'
import { randomBase, resumeRequest } from '../testing/resumed-run'
import { tryPrecisions } from './precision-trial'
import { endRun, startRun } from './run'
import { planShort, takeSteps } from './short-run'

let gpu: Gpu
beforeAll(async () => {
  // Halves that are widened need no f16, so they are tested on every device.
  gpu = await openTestGpu({ profile: { ...testProfiles.software, f16: true } })
})
afterAll(() => gpu.destroy())

const asked = async () => resumeRequest(await randomBase(gpu), { method: methodNamed('lora'), settings: { r: 4 }, training: {} })

test('both take the same steps from the same start, and nothing of the run changes', async () => {
  const request = await asked()
  const seen: string[] = []
  const trials = await tryPrecisions(gpu, request, {
    steps: 4,
    onUpdate: (now) => seen.push(now.map(({ precision, losses }) => `${precision} ${losses.length}`).join(', ')),
  })
  expect(trials.map(({ losses, stepMs }) => [losses.length, stepMs.length])).toEqual([
    [4, 4],
    [4, 4],
  ])
  expect(seen).toEqual(['exact 1', 'exact 2', 'exact 3', 'exact 4', ...[1, 2, 3, 4].map((step) => `exact 4, fast ${step}`)])
  const { gap, loss } = priceOf(trials)!
  expect(gap).toBeGreaterThan(0)
  expect(gap).toBeLessThan(loss.exact * 1e-2)
  expect((await tryPrecisions(gpu, request, { steps: 4 }))[0].losses).toEqual(trials[0].losses)
})

test('a run with fewer steps takes all of them, and one that is stopped says so', async () => {
  const request = await asked()
  const short = { ...request, training: { ...request.training, steps: 2 } }
  expect((await tryPrecisions(gpu, short)).map(({ losses }) => losses.length)).toEqual([2, 2])
  const stop = new AbortController()
  const stopped = tryPrecisions(gpu, request, { signal: stop.signal, onUpdate: () => stop.abort(new Error('stopped')) })
  await expect(stopped).rejects.toThrow('stopped')
})

test('exact steps that are not finite end the trial with the reason and the advice of a run', async () => {
  const request = await asked()
  const trials = await tryPrecisions(gpu, { ...request, training: { ...request.training, learningRate: 1e30, clip: 0 } }, { steps: 4 })
  expect(trials.map(({ precision }) => precision)).toEqual(['exact'])
  expect(trials[0].losses.at(-1)).toBeNaN()
  expect(sentence(trials[0].failure!)).toMatch(/^Training stopped at step \d: .* Lower the learning rate/)
  expect(priceOf(trials)).toBeUndefined()
})

test('a row that cannot be read is named, and is no fault of a precision', async () => {
  const planned = await planShort(gpu, await asked())
  await startRun(gpu, planned.run)
  const train = { ...planned.batches.train, get: () => Promise.reject(new FormatError(say`a.png: its bytes have changed.`)) }
  try {
    const steps = takeSteps(gpu, { ...planned, batches: { ...planned.batches, train } })
    await expect(steps).rejects.toThrow('Training stopped before step 1: a.png: its bytes have changed.')
  } finally {
    await endRun(gpu, planned.run)
  }
})

test('a device without f16 is refused before any step', async () => {
  const request = await asked()
  const plain = gpu.under({ f16: false })
  await expect(tryPrecisions(plain, request, { onUpdate: () => expect.unreachable() })).rejects.toThrow('shader-f16')
})
