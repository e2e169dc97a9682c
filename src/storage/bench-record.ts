// The record of the data workbench in IndexedDB: one value, which is read once when the page opens and replaced after each change.
import { type UseStore, createStore, del, get, set } from 'idb-keyval'
import { say } from '../config/phrase'
import { stored } from './storage-error'

export interface BenchRecord {
  /** What was written last; undefined if nothing was. @throws FormatError if storage fails */
  read(): Promise<unknown>
  /** Replaces what was written; undefined removes it. @throws FormatError if storage fails */
  write(value: unknown): Promise<void>
}

const key = 'now'

export function benchRecord(store: UseStore = createStore('tabtune-workbench', 'entries')): BenchRecord {
  return {
    read: () => stored(say`the workbench`, () => get<unknown>(key, store)),
    write: (value) => stored(say`the workbench`, () => (value === undefined ? del(key, store) : set(key, value, store))),
  }
}
