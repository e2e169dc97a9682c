// Conversations of the chat in IndexedDB. Each has a record of its own, so that tabs write beside each other.
import { type UseStore, createStore, delMany, get, keys, update } from 'idb-keyval'
import { say } from '../config/phrase'
import { stored } from './storage-error'

interface Revised {
  /** Another one for each change. */
  revision: string
}

export interface ChatRecords {
  /** All conversations as they were put, by their ids; undefined for one that the browser cannot read. @throws FormatError if storage fails */
  all(): Promise<Map<string, unknown>>
  /**
   * Puts a conversation in the place of its revision `before`, or where there is none. Returns false, and changes nothing, if another tab has
   * put another revision there. @throws FormatError if storage fails
   */
  put(id: string, value: Revised, before: string | undefined): Promise<boolean>
  /** @throws FormatError if storage fails */
  remove(ids: readonly string[]): Promise<void>
}

const what = say`the conversations of the chat`

export function chatRecords(store: UseStore = createStore('tabtune-chats', 'entries')): ChatRecords {
  return {
    async all() {
      const ids = (await stored(what, () => keys(store))).filter((key) => typeof key === 'string')
      const found = new Map<string, unknown>()
      // One by one, because one damaged record makes the browser refuse all that are asked for together.
      for (const id of ids) found.set(id, await get<unknown>(id, store).catch(() => undefined))
      return found
    },
    async put(id, value, before) {
      const overtaken = new Error('overtaken')
      const replace = (now: Partial<Revised> | undefined): Revised => {
        if (now !== undefined && now.revision !== before) throw overtaken
        return value
      }
      try {
        await update<Revised>(id, replace, store)
        return true
      } catch (error) {
        if (error === overtaken) return false
        return stored(what, () => {
          throw error
        })
      }
    },
    remove: (ids) => stored(what, () => delMany([...ids], store)),
  }
}
