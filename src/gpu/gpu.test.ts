// A lost device is told apart from other failures, whatever the browser reports first.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DeviceError, DeviceLost, FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { saying } from '../testing/saying'
import { Gpu } from './gpu'

function fakeDevice() {
  const events = new EventTarget()
  let lose: (info: { reason: string; message: string }) => void = () => undefined
  const device = {
    limits: { maxStorageBufferBindingSize: 2 ** 20, maxBufferSize: 2 ** 20 },
    features: new Set<string>(),
    lost: new Promise((resolve) => (lose = resolve)),
    addEventListener: events.addEventListener.bind(events),
    destroy: vi.fn<() => void>(),
  }
  const adapter = { info: { vendor: 'a test' }, limits: device.limits, features: device.features, requestDevice: async () => device }
  return {
    gpu: { requestAdapter: async () => adapter } as unknown as GPU,
    device,
    lose: () => lose({ reason: 'unknown', message: 'A valid external Instance reference no longer exists.' }),
    uncaptured: (message: string) => events.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: { message } })),
  }
}

const aborted = () => Promise.reject(new DOMException('the buffer was unmapped', 'AbortError'))
const never = () => new Promise<never>(() => undefined)
const seconds = (n: number) => vi.advanceTimersByTimeAsync(n * 1000)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a loss', () => {
  it('is a loss for what waits, whether or not the browser ends the waiting first', async () => {
    const { gpu, lose } = fakeDevice()
    const opened = await Gpu.open(gpu)
    const ended = opened.answered(aborted()).catch((error: unknown) => error)
    const waiting = opened.answered(never()).catch((error: unknown) => error)
    await seconds(0.5)
    lose()
    for (const error of [await ended, await waiting]) {
      expect(error).toBeInstanceOf(DeviceLost)
      expect(error).toMatchObject({
        kind: 'DeviceLost',
        hung: false,
        phrase: saying(/^graphics device: lost \(A valid .+\)\. Close other/),
      })
    }
    await expect(opened.answered(never())).rejects.toBeInstanceOf(DeviceLost)
    expect(() => opened.check()).toThrow(DeviceLost)
  })

  it('takes the place of errors that it caused itself', async () => {
    const { gpu, lose, uncaptured } = fakeDevice()
    const opened = await Gpu.open(gpu)
    uncaptured('the buffer is invalid')
    expect(opened.failure).toMatchObject({ kind: 'DeviceError' })
    const behind = opened.lossBehind(opened.failure)
    lose()
    expect(await behind).toBe(opened.failure)
    expect(opened.failure).toBeInstanceOf(DeviceLost)
  })

  it('does not explain errors with causes of their own, or errors of a device that is still there', async () => {
    const { gpu, lose } = fakeDevice()
    const opened = await Gpu.open(gpu)
    const refused = opened.answered(Promise.reject(new DeviceError(say`refused`))).catch((error: unknown) => error)
    await seconds(2)
    expect(await refused).toMatchObject({ kind: 'DeviceError' })
    lose()
    await seconds(0)
    expect(await opened.lossBehind(new FormatError(say`damaged`))).toBeUndefined()
  })

  it('is not reported when we destroy the device ourselves', async () => {
    const { gpu, lose } = fakeDevice()
    const opened = await Gpu.open(gpu)
    opened.destroy()
    lose()
    await seconds(1)
    expect(opened.failure).toBeUndefined()
  })
})

describe('a device that does not answer', () => {
  it('is given up, with a sentence and the settings that make work smaller', async () => {
    const { gpu, device } = fakeDevice()
    const opened = await Gpu.open(gpu)
    const waiting = opened.answered(never()).catch((error: unknown) => error)
    await seconds(179)
    expect(opened.failure).toBeUndefined()
    await seconds(5)
    expect(await waiting).toMatchObject({
      kind: 'DeviceLost',
      hung: true,
      settings: ['batchSize', 'maxLength'],
      phrase: saying(/expected an answer, got none for 18\d seconds/),
    })
    expect(device.destroy).toHaveBeenCalledOnce()
    await expect(opened.lost).resolves.toMatchObject({ hung: true })
  })
})
