// IndexedDB in memory, as far as idb-keyval uses it.
import type { UseStore } from 'idb-keyval'

/** As much of an IDBObjectStore as idb-keyval asks for, over a Map; values are cloned as IndexedDB does. */
export function memoryStore(map = new Map<string, unknown>()): UseStore {
  const request = <T>(result: () => T) => {
    const r = {
      result: undefined as T | undefined,
      error: null as unknown,
      onsuccess: () => {},
      onerror: () => {},
      oncomplete: () => {},
      onabort: () => {},
    }
    queueMicrotask(() => {
      try {
        r.result = result()
        r.onsuccess()
        r.oncomplete()
      } catch (error) {
        r.error = error
        r.onerror()
      }
    })
    return r
  }
  const store = {
    get transaction() {
      return request(() => undefined)
    },
    get: (key: string) => request(() => structuredClone(map.get(key))),
    getAllKeys: () => request(() => [...map.keys()]),
    put: (value: unknown, key: string) => (map.set(key, structuredClone(value)), request(() => key)),
    delete: (key: string) => (map.delete(key), request(() => undefined)),
  }
  return async (_, callback) => callback(store as unknown as IDBObjectStore)
}
