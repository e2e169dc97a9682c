// Which runs are going on in some tab of this browser: the tab that trains a run holds a lock of its name, which ends with the tab.

export interface Living {
  /** Says that a run goes on here, until the returned function is called. */
  hold(runId: string): Promise<() => void>
  /** Ids of the runs that go on in any tab. */
  running(): Promise<ReadonlySet<string>>
  /** Resolves when the run goes on in no tab any more. */
  ended(runId: string): Promise<void>
}

const prefix = 'tabtune-run/'

/** Through Web Locks; where the browser has none, every tab is for itself. */
export function lockedLiving(locks: LockManager | undefined): Living {
  if (!locks) return memoryLiving()
  return {
    hold: (runId) =>
      new Promise((resolve) => {
        const held = new Promise<void>((release) => {
          const granted = locks.request(prefix + runId, () => {
            resolve(release)
            return held
          })
          // Without the lock the run goes on all the same; other tabs then do not know of it.
          granted.catch(() => resolve(release))
        })
      }),
    async running() {
      const { held = [] } = await locks.query()
      return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])))
    },
    ended: (runId) => locks.request(prefix + runId, () => undefined),
  }
}

/** For one tab alone, and for tests that play several. */
export function memoryLiving(): Living {
  const running = new Map<string, { ended: Promise<void> }>()
  return {
    async hold(runId) {
      let end: () => void = () => undefined
      const ended = new Promise<void>((resolve) => (end = resolve))
      running.set(runId, { ended })
      return () => {
        running.delete(runId)
        end()
      }
    },
    running: async () => new Set(running.keys()),
    ended: async (runId) => running.get(runId)?.ended,
  }
}
