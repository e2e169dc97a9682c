// How long a queue waits for a run that goes to another tab.
import { expect, it, vi } from 'vitest'
import { createHandovers, handoverLimitMs } from './handovers'

it('a queue waits until the run has arrived, but not for a tab that never says so', async () => {
  vi.useFakeTimers()
  try {
    const handovers = createHandovers()
    let ended = 0
    const wait = () => void handovers.ended().then(() => ended++)
    handovers.begin('a', handoverLimitMs)
    handovers.begin('b')
    wait()
    await vi.advanceTimersByTimeAsync(handoverLimitMs - 1)
    expect(handovers.some()).toBe(true)
    await vi.advanceTimersByTimeAsync(1)
    expect(ended).toBe(0)
    handovers.end('b')
    await vi.advanceTimersByTimeAsync(0)
    expect([ended, handovers.some()]).toEqual([1, false])
    // The time of an earlier handover does not end a later one of the same run.
    handovers.begin('a', handoverLimitMs)
    await vi.advanceTimersByTimeAsync(handoverLimitMs / 2)
    handovers.begin('a', handoverLimitMs)
    wait()
    await vi.advanceTimersByTimeAsync(handoverLimitMs * 0.75)
    expect(ended).toBe(1)
    await vi.advanceTimersByTimeAsync(handoverLimitMs)
    expect(ended).toBe(2)
  } finally {
    vi.useRealTimers()
  }
})
