// Which runs are running in any tab of this browser: the tab that trains a run holds a lock with the run's id, which ends with the tab.

export interface Living {
  /** Marks a run as running in this tab, until the returned function is called. */
  hold(runId: string): Promise<() => void>
  /** Ids of the runs that are running in any tab. */
  running(): Promise<ReadonlySet<string>>
  /** Resolves when the run is no longer running in any tab. */
  ended(runId: string): Promise<void>
}

/** Uses Web Locks; in a browser without them each tab knows only its own runs. `prefix`: of the names of the locks. */
export function lockedLiving(locks: LockManager | undefined, prefix = 'tabtune-run/'): Living {
  if (!locks) return memoryLiving()
  return {
    hold: (runId) =>
      new Promise((resolve) => {
        const held = new Promise<void>((release) => {
          const granted = locks.request(prefix + runId, () => {
            resolve(release)
            return held
          })
          // Without the lock the run is trained all the same, but other tabs do not know about it.
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

/** For one tab alone, and for tests with several. */
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
