// The locks of the runs that this tab has in its queue or trains, by which other tabs know that these runs are not free.
import type { RunsSlice } from './runs-store'

interface Hold {
  granted: boolean
  /** Gives the lock back, or stops waiting for it. */
  end(): void
}

export function createHolds(runs: Pick<RunsSlice, 'hold'>) {
  const holds = new Map<string, Hold>()
  return {
    /** Waits for the lock of a run. Returns false if `release` was called before another tab gave the lock back. */
    take: (id: string): Promise<boolean> =>
      new Promise((resolve) => {
        const hold: Hold = { granted: false, end: () => resolve(false) }
        holds.set(id, hold)
        void runs.hold(id).then((end) => {
          if (holds.get(id) !== hold) return end()
          Object.assign(hold, { granted: true, end })
          resolve(true)
        })
      }),
    /** This tab has the lock, or waits for it. */
    wants: (id: string): boolean => holds.has(id),
    /** This tab has the lock. */
    has: (id: string): boolean => holds.get(id)?.granted === true,
    release(id: string): void {
      const hold = holds.get(id)
      holds.delete(id)
      hold?.end()
    },
  }
}
export type Holds = ReturnType<typeof createHolds>
