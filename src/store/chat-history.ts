// Conversations of the chat outlive the page: each is kept in this browser when it changes, and can be read or continued later.
import { type StoreApi, createStore } from 'zustand/vanilla'
import { phraseOf } from '../config/errors'
import { likeness } from '../config/identity'
import { type Phrase, say } from '../config/phrase'
import type { ChatRecords } from '../storage/chat-records'
import { type KeptChat, beyondBounds, chatOf, newestFirst, parseKeptChat, writtenChat } from './kept-chat'
import type { ModelSlice } from './model-store'
import { type PlayState, baseColumn } from './play-state'
import type { PlaySlice } from './play-store'
import type { RunsSlice } from './runs-store'

/** Milliseconds without a further change before a conversation is written. */
const restMs = 200

interface ChatsState {
  /** The newest first. */
  all: readonly KeptChat[]
  /** Ids of those that cannot be read. */
  unreadable: readonly string[]
  /** The one that is in the chat. */
  current?: string
  /** One that is shown as it was. */
  reading?: KeptChat
  problem?: Phrase
}

interface Parts {
  play: PlaySlice
  model: ModelSlice
  runs: RunsSlice
  /** Absent where the browser keeps nothing. */
  chatRecords?: ChatRecords
}

/** What of the chat is kept has changed, and no answer is being written. */
const hasChanged = (now: PlayState, before: PlayState): boolean =>
  now.turns.length > 0 &&
  !(now.running && before.running) &&
  (now.turns !== before.turns || now.running !== before.running || now.columns !== before.columns)

/** Writes and reads, one after the other. */
function createKept(records: ChatRecords, store: StoreApi<ChatsState>) {
  /** As this tab has read or written them. */
  const revisions = new Map<string, string>()
  /** Where this tab continues a conversation that another tab has continued too. */
  const ownWays = new Map<string, string>()

  async function withinBounds(): Promise<void> {
    const { all, current } = store.getState()
    const gone = new Set(beyondBounds(all).map(({ id }) => id))
    gone.delete(current ?? '')
    if (gone.size) await remove([...gone])
  }

  async function put(chat: KeptChat): Promise<KeptChat> {
    const id = ownWays.get(chat.id) ?? chat.id
    const next = { ...chat, id, revision: crypto.randomUUID() }
    if (await records.put(id, writtenChat(next), revisions.get(id))) return next
    // Both ways are kept.
    ownWays.set(chat.id, crypto.randomUUID())
    return put(chat)
  }

  async function write(chat: KeptChat): Promise<void> {
    const kept = await put(chat)
    const { id } = kept
    revisions.set(id, kept.revision)
    store.setState(({ all, current }) => ({
      all: newestFirst([...all.filter((other) => other.id !== id), kept]),
      current: current === chat.id ? id : current,
      problem: undefined,
    }))
    await withinBounds()
  }

  async function read(): Promise<void> {
    const found = [...(await records.all())].map(([id, value]) => ({ id, chat: parseKeptChat(value) }))
    const all = newestFirst(found.flatMap(({ chat }) => chat ?? []))
    const { current } = store.getState()
    // What another tab has made of the conversation that is in this chat is not overwritten.
    for (const { id, revision } of all) if (id !== current || !revisions.has(id)) revisions.set(id, revision)
    store.setState({ all, unreadable: found.filter(({ chat }) => !chat).map(({ id }) => id) })
    await withinBounds()
  }

  async function remove(ids: readonly string[]): Promise<void> {
    await records.remove(ids)
    for (const id of ids) revisions.delete(id)
    const isLeft = (id: string): boolean => !ids.includes(id)
    store.setState(({ all, unreadable, reading }) => ({
      all: all.filter(({ id }) => isLeft(id)),
      unreadable: unreadable.filter(isLeft),
      reading: reading && isLeft(reading.id) ? reading : undefined,
    }))
  }

  let last: Promise<unknown> = Promise.resolve()
  /** A failure is said, and the chat goes on. */
  function after(work: () => Promise<void>): Promise<void> {
    const done = last.then(work).catch((error: unknown) => store.setState({ problem: phraseOf(error) }))
    last = done
    return done
  }
  return {
    write: (chat: KeptChat) => after(() => write(chat)),
    read: () => after(read),
    remove: (ids: readonly string[]) => after(() => remove(ids)),
  }
}

/** Watches the chat, and writes its conversation after each change. */
function createWatching(
  { play, model, runs }: Omit<Parts, 'chatRecords'>,
  store: StoreApi<ChatsState>,
  kept: ReturnType<typeof createKept>,
) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let pending: KeptChat | undefined
  let createdAt = 0
  /** The turns of a conversation that was opened, as long as nothing was added: opening it is no change. */
  let opened: PlayState['turns'] | undefined

  function take(): KeptChat | undefined {
    clearTimeout(timer)
    const chat = pending
    pending = undefined
    return chat
  }

  async function flush(): Promise<void> {
    const chat = take()
    if (chat) await kept.write(chat)
  }

  /** The conversation is taken as it is now, because the chat may begin another one before it is written. */
  function keepSoon(state: PlayState): void {
    const { report } = model.store.getState()
    if (!report) return
    const { current: id = crypto.randomUUID() } = store.getState()
    if (store.getState().current === undefined) createdAt = Date.now()
    const chat = chatOf(state, { id, createdAt, model: report, nameOf: (runId) => runs.find(runId)?.name })
    store.setState({ current: id, ...(!chat && { problem: say`This conversation is too long to be kept. Begin a new one.` }) })
    if (!chat) return
    pending = chat
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), restMs)
  }

  play.store.subscribe((now, before) => {
    if (now.turns !== opened && hasChanged(now, before)) keepSoon(now)
    if (now.turns.length === 0 && before.turns.length > 0) {
      void flush()
      store.setState({ current: undefined })
    }
  })

  return {
    flush,
    /** What has not been written of the conversation in the chat is dropped, and the chat begins another one. */
    drop(): void {
      take()
      play.begin()
    },
    /** The chat goes on with this conversation. */
    async goOn(chat: KeptChat, columns: string[]): Promise<void> {
      await flush()
      play.begin()
      ;[createdAt, opened] = [chat.createdAt, chat.turns]
      store.setState({ current: chat.id })
      play.goOn(chat, columns)
    },
  }
}

const noRecords: ChatRecords = { all: async () => new Map(), put: async () => true, remove: async () => undefined }

export function createChatHistory({ chatRecords = noRecords, ...parts }: Parts) {
  const { play, model, runs } = parts
  const store = createStore<ChatsState>(() => ({ all: [], unreadable: [] }))
  const kept = createKept(chatRecords, store)
  const watching = createWatching(parts, store, kept)

  async function remove(ids: readonly string[]): Promise<void> {
    if (ids.includes(store.getState().current ?? '')) watching.drop()
    await kept.remove(ids)
  }

  /** The conversation was with the base that is open now. */
  const isWithThis = (chat: KeptChat): boolean => likeness(chat.model, model.store.getState().report) === 'same'

  /** The columns that can still be asked. */
  function columnsOf({ columns }: KeptChat): string[] {
    const ids = columns.map(({ column }) => column)
    const usable = ids.filter((column) => column === baseColumn || runs.find(column)?.files !== undefined)
    return usable.length ? usable : [baseColumn]
  }

  return {
    /** Whether conversations are kept at all. */
    available: chatRecords !== noRecords,
    store,
    /** Reads what is kept, also by other tabs. */
    load: kept.read,
    isWithThis,
    /** Continues a conversation in the chat; with another base open, it is only shown. */
    async open(id: string): Promise<void> {
      const { all, current } = store.getState()
      const chat = all.find((each) => each.id === id)
      if (!chat || play.store.getState().running) return
      const fits = isWithThis(chat)
      if (fits && id !== current) await watching.goOn(chat, columnsOf(chat))
      store.setState({ reading: fits ? undefined : chat })
    },
    /** Shows a conversation no longer. */
    close: (): void => store.setState({ reading: undefined }),
    remove: (id: string): Promise<void> => remove([id]),
    /** Deletes those of other tabs too. */
    async removeAll(): Promise<void> {
      await watching.flush()
      await kept.read()
      const { all, unreadable, current = [] } = store.getState()
      await remove([...all.map(({ id }) => id), ...unreadable].concat(current))
    },
    dismiss: (): void => store.setState({ problem: undefined }),
  }
}
