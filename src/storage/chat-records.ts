// Conversations of the chat in IndexedDB. Each has records of its own, so that tabs write beside each other: the conversation, and a short note
// for the list.
import { type UseStore, createStore, delMany, get, keys, promisifyRequest } from 'idb-keyval'
import { say } from '../config/phrase'
import { stored } from './storage-error'

interface Revised {
  /** Another one for each change. */
  revision: string
}

/** `overtaken`: another tab has put another revision there. `gone`: another tab has deleted it. In both cases nothing was changed. */
type ChatPut = 'done' | 'overtaken' | 'gone'

export interface ChatRecords {
  /** The notes about all conversations, by their ids; undefined where there is none that can be read. @throws FormatError if storage fails */
  list(): Promise<Map<string, unknown>>
  /** A conversation as it was put; undefined if it is not there, and null if the browser cannot read it. */
  get(id: string): Promise<unknown>
  /** Puts a conversation and its note in the place of revision `before`; undefined = where there is none. @throws FormatError if storage fails */
  put(id: string, record: { whole: Revised; note: unknown }, before: string | undefined): Promise<ChatPut>
  /** @throws FormatError if storage fails */
  remove(ids: readonly string[]): Promise<void>
}

const what = say`the conversations of the chat`
const notePrefix = 'note/'

/** `ChatRecords.put` within one transaction, which lasts as long as each step follows the one before at once. */
async function putBoth(entries: IDBObjectStore, ...[id, { whole, note }, before]: Parameters<ChatRecords['put']>): Promise<ChatPut> {
  const now: Partial<Revised> | undefined = await promisifyRequest(entries.get(id))
  if (now === undefined && before !== undefined) return 'gone'
  if (now !== undefined && now.revision !== before) return 'overtaken'
  entries.put(whole, id)
  entries.put(note, notePrefix + id)
  await promisifyRequest(entries.transaction)
  return 'done'
}

export function chatRecords(store: UseStore = createStore('tabtune-chats', 'entries')): ChatRecords {
  return {
    async list() {
      const ids = (await stored(what, () => keys(store))).filter((key) => typeof key === 'string' && !key.startsWith(notePrefix))
      const found = new Map<string, unknown>()
      // One by one, because one damaged record makes the browser refuse all that are asked for together.
      for (const id of ids as string[]) found.set(id, await get<unknown>(notePrefix + id, store).catch(() => undefined))
      return found
    },
    get: (id) => get<unknown>(id, store).catch(() => null),
    put: (id, record, before) => stored(what, () => store('readwrite', (entries) => putBoth(entries, id, record, before))),
    remove: (ids) =>
      stored(what, () =>
        delMany(
          ids.flatMap((id) => [id, notePrefix + id]),
          store,
        ),
      ),
  }
}
