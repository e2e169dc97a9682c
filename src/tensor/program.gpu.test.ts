// Memory that the device refuses: one sentence with the numbers, nothing kept, and the device still works.
import { expect, test } from 'vitest'
import { openOwnGpu } from '../testing/device'
import { allocate, release } from './program'
import type { Slot } from './tensor'

const slot = (sizeBytes: number): Slot => ({ label: 'much', purpose: 'activations', sizeBytes })

test('a buffer larger than the device allows is refused before it is asked for', async () => {
  const gpu = await openOwnGpu()
  const slots = [slot(1024), slot(gpu.device.limits.maxBufferSize + 4)]
  await expect(allocate(gpu, 'the run', slots)).rejects.toMatchObject({
    kind: 'DeviceError',
    message: expect.stringMatching(/at most .* GiB, got .* GiB/),
  })
  expect(gpu.bytes).toBe(0)
  expect(slots.map((s) => s.buffer)).toEqual([undefined, undefined])
  gpu.destroy()
})

test('an allocation that fails gives back all of its memory, and a smaller one works afterwards', async (context) => {
  const gpu = await openOwnGpu()
  if (!/swiftshader/i.test(gpu.name)) {
    console.warn(`skipped: ${gpu.name} may well have the memory that SwiftShader refuses`)
    return context.skip()
  }
  const slots = [slot(1024), slot(2 ** 30)]
  await expect(allocate(gpu, 'the run', slots)).rejects.toMatchObject({
    kind: 'DeviceError',
    message: expect.stringMatching(/the run needs 1\.00 GiB in addition to/),
  })
  expect(gpu.bytes).toBe(0)
  const less = [slot(2 ** 20)]
  await allocate(gpu, 'the run', less)
  gpu.check()
  release(gpu, less)
  gpu.destroy()
})
