// How long a device may be silent.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Watchdog } from './watchdog'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const after = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)
const silence = () => new Promise<void>((resolve) => setTimeout(resolve, 1e9))

function watched() {
  const onSilent = vi.fn<(ms: number) => void>()
  const dog = new Watchdog(onSilent)
  /** An answer that takes so long. */
  const takes = async (seconds: number, flops = 0): Promise<void> => {
    dog.submitted(flops)
    const answer = dog.watch(new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000)))
    await after(seconds)
    await answer
  }
  const silentAfter = async (): Promise<number> => {
    void dog.watch(silence())
    for (let s = 1; s <= 20_000; s++) {
      await after(1)
      if (onSilent.mock.calls.length) return s
    }
    return Infinity
  }
  return { dog, onSilent, takes, silentAfter }
}

describe('the watchdog', () => {
  it('waits three minutes for the first answer, and one minute once answers are quick', async () => {
    expect(await watched().silentAfter()).toBe(181)
    const { takes, silentAfter } = watched()
    await takes(0.5)
    expect(await silentAfter()).toBe(61)
  })

  it('waits twenty times the longest silence so far', async () => {
    const { takes, silentAfter } = watched()
    await takes(10)
    await takes(0.1)
    expect(await silentAfter()).toBe(201)
  })

  it('waits longer for more work: at the speed so far, or for a very slow adapter at first', async () => {
    const first = watched()
    first.dog.submitted(1e11)
    expect(await first.silentAfter()).toBe(1001)
    const later = watched()
    await later.takes(1, 1e9)
    await later.takes(1, 1e9)
    later.dog.submitted(64e9)
    expect(await later.silentAfter()).toBe(1281)
  })

  it('does not give up while anything is answered', async () => {
    const { dog, onSilent, takes } = watched()
    await takes(1)
    void dog.watch(silence())
    for (let i = 0; i < 10; i++) await takes(50)
    expect(onSilent).not.toHaveBeenCalled()
  })

  it('does not count the time of a frozen tab or a sleeping computer', async () => {
    const { dog, onSilent, takes } = watched()
    await takes(1)
    void dog.watch(silence())
    await after(30)
    const now = performance.now()
    const later = vi.spyOn(performance, 'now').mockImplementation(() => now + 3_600_000)
    await vi.advanceTimersToNextTimerAsync()
    expect(onSilent).not.toHaveBeenCalled()
    later.mockRestore()
  })

  it('leaves no clock running when nothing is waited for', async () => {
    const { takes } = watched()
    await takes(1)
    await after(2)
    expect(vi.getTimerCount()).toBe(0)
  })
})
