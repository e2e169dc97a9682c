// One tab of this browser trains at a time. A run has the turn from its preparation to its end; runs of other tabs wait for it.

export interface Turns {
  /** Waits until no tab trains, and has the turn until the returned function is called. */
  take(): Promise<() => void>
}

const lockName = 'tabtune-engine'

/** Uses Web Locks; a browser without them cannot know about other tabs. */
export function lockedTurns(locks: LockManager | undefined): Turns {
  if (!locks) return memoryTurns()
  return {
    take: () =>
      new Promise((resolve) => {
        const held = new Promise<void>((release) => {
          const granted = locks.request(lockName, () => {
            resolve(release)
            return held
          })
          // A page that may not use locks trains all the same.
          granted.catch(() => resolve(release))
        })
      }),
  }
}

/** For one tab alone, and for tests with several. */
export function memoryTurns(): Turns {
  let last: Promise<void> = Promise.resolve()
  return {
    async take() {
      const before = last
      let release: () => void = () => undefined
      last = new Promise((resolve) => (release = resolve))
      await before
      return release
    },
  }
}
