// Opening a device again: with growing pauses, for as long as Chromium withholds it, and telling the page.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DeviceError } from '../config/errors'
import { say } from '../config/phrase'
import { saying } from '../testing/saying'
import type { Gpu } from './gpu'
import { reopen } from './reopen'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const found = () => ({ destroy: vi.fn<() => void>() }) as unknown as Gpu

/** Finds a device once `seconds` have passed. */
function withheld(seconds: number) {
  const start = performance.now()
  const asked: number[] = []
  const gpu = found()
  const open = async (): Promise<Gpu> => {
    asked.push((performance.now() - start) / 1000)
    if (performance.now() - start < seconds * 1000) throw new DeviceError(say`WebGPU: expected a graphics adapter, got none.`)
    return gpu
  }
  return { open, gpu, asked }
}

describe('opening a device again', () => {
  it('asks at once and then less and less often, and says how long it will continue', async () => {
    const { open, gpu, asked } = withheld(130)
    const told: number[] = []
    const opened = reopen(open, (leftMs) => told.push(leftMs / 1000))
    await vi.advanceTimersByTimeAsync(140_000)
    expect(await opened).toBe(gpu)
    expect(asked[0]).toBe(0)
    expect(asked[1]).toBeCloseTo(0.05)
    expect(asked.length).toBeLessThan(55)
    expect(asked.at(-1)! - asked.at(-2)!).toBeCloseTo(3)
    expect(told[0]).toBeGreaterThan(145)
    expect(told[0]).toBeLessThan(149)
    expect(told.length).toBeGreaterThan(100)
  })

  it('says nothing where the device is back at once', async () => {
    const { open, gpu } = withheld(0.2)
    const onWait = vi.fn<() => void>()
    const opened = reopen(open, onWait)
    await vi.advanceTimersByTimeAsync(1000)
    expect(await opened).toBe(gpu)
    expect(onWait).not.toHaveBeenCalled()
  })

  it('gives up after 150 seconds and says what to do', async () => {
    const opened = reopen(withheld(1000).open).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(151_000)
    expect(await opened).toMatchObject({
      kind: 'DeviceLost',
      phrase: saying(/150 seconds \(WebGPU: expected .+ got none\.\)\. Reload the page/),
    })
  })

  it('asks again where a request hangs, and destroys a device that comes too late', async () => {
    const [late, second] = [found(), found()]
    const open = vi
      .fn<() => Promise<Gpu>>()
      .mockImplementationOnce(() => new Promise((resolve) => setTimeout(resolve, 12_000, late)))
      .mockImplementationOnce(async () => second)
    const opened = reopen(open)
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await opened).toBe(second)
    expect(late.destroy).toHaveBeenCalledOnce()
    expect(second.destroy).not.toHaveBeenCalled()
  })
})
