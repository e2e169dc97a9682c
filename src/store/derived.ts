// A store whose state follows from the states of other stores. Components subscribe to it like to any other store, but nothing sets it.
import { type StoreApi, createStore } from 'zustand/vanilla'

export type Derived<T> = Pick<StoreApi<T>, 'getState' | 'getInitialState' | 'subscribe'>

interface Source {
  subscribe(listener: () => void): unknown
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Computes its state again whenever a source changes. The state is small plain data, and stays the same object while its parts are equal. */
export function createDerived<T>(sources: readonly Source[], compute: () => T): Derived<T> {
  const store = createStore<T>(compute)
  const follow = (): void => {
    const now = compute()
    if (!same(now, store.getState())) store.setState(now, true)
  }
  for (const source of sources) source.subscribe(follow)
  return store
}
