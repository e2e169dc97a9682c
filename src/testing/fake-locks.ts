// Web Locks of one browser: a lock has one holder at a time, and passes on in the order of the requests.

export function fakeLocks(): LockManager {
  const last = new Map<string, Promise<unknown>>()
  const held = new Set<string>()

  async function work<T>(name: string, before: Promise<unknown> | undefined, granted: LockGrantedCallback<T>): Promise<Awaited<T>> {
    await before
    held.add(name)
    try {
      return await granted({ name, mode: 'exclusive' })
    } finally {
      held.delete(name)
    }
  }

  return {
    request<T>(name: string, given: LockOptions | LockGrantedCallback<T>, callback?: LockGrantedCallback<T>): Promise<Awaited<T>> {
      const granted = typeof given === 'function' ? given : callback
      if (!granted) throw new Error('expected a callback')
      const now = work(name, last.get(name), granted)
      last.set(name, now)
      return now
    },
    query: async () => ({ held: [...held].map((name) => ({ name })), pending: [] }),
  }
}
