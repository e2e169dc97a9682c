// Keeps measurements of a device in IndexedDB. If they cannot be read or written, they are measured again, which takes a few seconds.
import { type UseStore, createStore, get, set } from 'idb-keyval'

interface KeptValues {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<void>
}

export function tuningStore(store: UseStore = createStore('tabtune-tuning', 'tunings')): KeptValues {
  return {
    get: (key) => get<unknown>(key, store).catch(() => undefined),
    set: (key, value) => set(key, value, store).catch(() => undefined),
  }
}
