// Conversations of the chat outlive the page: each is kept in this browser when it changes, and can be read or continued later.
import { type StoreApi, createStore } from 'zustand/vanilla'
import { FormatError, phraseOf } from '../config/errors'
import { likeness } from '../config/identity'
import { type Phrase, say } from '../config/phrase'
import type { ChatRecords } from '../storage/chat-records'
import type { ModelReport } from '../worker/api'
import {
  type ChatNote,
  type KeptChat,
  bareChat,
  beyondBounds,
  chatOf,
  columnsIn,
  newestFirst,
  noteOf,
  parseChatNote,
  parseKeptChat,
  writtenChat,
} from './kept-chat'
import type { ModelSlice } from './model-store'
import { type PlayState, baseColumn } from './play-state'
import type { PlaySlice } from './play-store'
import type { RunsSlice } from './runs-store'

/** Milliseconds without a further change before a conversation is written. */
const restMs = 200

interface ChatsState {
  /** The newest first. */
  all: readonly ChatNote[]
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

/** The conversation that is in the chat. */
interface Going {
  /** Of its record; another one if another tab continues or deletes the conversation too. */
  id: string
  /** Of the record as this chat has opened or written it; absent = there is no record yet. */
  revision?: string
  createdAt: number
  /** Of its columns; also of runs that have been deleted. */
  names: Map<string, string>
  /** The turns that were opened, as long as nothing was added: opening a conversation is no change. */
  opened?: PlayState['turns']
  /** The prompts that are in the record. */
  kept: readonly string[]
  /** Prompts at the beginning that another tab has deleted with the record. They are not kept again. */
  deleted: readonly string[]
}

/** A conversation as it was when it changed. The chat may go on, or begin another one, before it is written. */
interface Moment {
  going: Going
  state: PlayState
  model: ModelReport
  changedAt: number
}

/** What is in the chat, for those who write and those who watch. */
interface Now {
  going?: Going
}

const newGoing = (of: Partial<Going> = {}): Going => ({
  id: crypto.randomUUID(),
  createdAt: Date.now(),
  names: new Map(),
  kept: [],
  deleted: [],
  ...of,
})

const promptsOf = (turns: PlayState['turns']): string[] => turns.map(({ prompt }) => prompt)

/** The turns after those that have been deleted. */
function turnsAfter({ deleted }: Going, turns: PlayState['turns']): PlayState['turns'] {
  const first = turns.findIndex(({ prompt }, at) => prompt !== deleted[at])
  return first < 0 ? [] : turns.slice(first)
}

/** What of the chat is kept has changed, and no answer is being written. */
const hasChanged = (now: PlayState, before: PlayState): boolean =>
  now.turns.length > 0 &&
  !(now.running && before.running) &&
  (now.turns !== before.turns || now.running !== before.running || now.columns !== before.columns)

/** Keeps the number and the size of conversations within bounds. */
function createBounds(records: ChatRecords, store: StoreApi<ChatsState>, take: (note: ChatNote) => void) {
  async function remove(ids: readonly string[]): Promise<void> {
    await records.remove(ids)
    const isLeft = (id: string): boolean => !ids.includes(id)
    store.setState(({ all, unreadable, reading }) => ({
      all: all.filter(({ id }) => isLeft(id)),
      unreadable: unreadable.filter(isLeft),
      reading: reading && isLeft(reading.id) ? reading : undefined,
    }))
  }

  /** The revision stays: a tab that continues the conversation has all that is left of it. */
  async function strip(id: string): Promise<void> {
    const whole = parseKeptChat(await records.get(id))
    if (!whole) return
    const bare = bareChat(whole)
    const note = noteOf(bare)
    if ((await records.put(id, writtenChat(bare, note), whole.revision)) === 'done') take(note)
  }

  return {
    remove,
    async keepWithin(current: string | undefined): Promise<void> {
      const { bare, gone } = beyondBounds(store.getState().all, current)
      for (const id of bare) await strip(id)
      if (gone.length) await remove(gone)
    },
  }
}

/** Does one thing after the other. A failure is shown, and the chat still works. */
function createOrder(store: StoreApi<ChatsState>) {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T | undefined> => {
    const done = last.then(work).catch((error: unknown) => {
      store.setState({ problem: phraseOf(error) })
      return undefined
    })
    last = done
    return done
  }
}

/** Writes and reads, one after the other. */
function createKept(records: ChatRecords, store: StoreApi<ChatsState>, now: Now) {
  const take = (note: ChatNote): void =>
    store.setState(({ all }) => ({ all: newestFirst([...all.filter(({ id }) => id !== note.id), note]) }))
  const { remove, keepWithin } = createBounds(records, store, take)

  /** Undefined if there is nothing to be kept. */
  async function putChat(moment: Moment): Promise<ChatNote | undefined> {
    const { going, state } = moment
    const turns = turnsAfter(going, state.turns)
    if (!turns.length) return undefined
    const chat = chatOf({ ...state, turns }, { ...moment, ...going })
    if (!chat) throw new FormatError(say`This conversation is too long to be kept. Begin a new one.`)
    const note = noteOf(chat)
    const put = await records.put(going.id, writtenChat(chat, note), going.revision)
    if (put === 'done') {
      Object.assign(going, { revision: chat.revision, kept: promptsOf(state.turns) })
      return note
    }
    // What another tab has written stays beside this. What another tab has deleted stays deleted.
    if (put === 'gone') Object.assign(going, { deleted: going.kept, createdAt: moment.changedAt })
    Object.assign(going, { id: crypto.randomUUID(), revision: undefined })
    if (going === now.going) store.setState({ current: going.id })
    return putChat(moment)
  }

  async function write(moment: Moment): Promise<void> {
    const note = await putChat(moment)
    if (note) take(note)
    store.setState({ problem: undefined })
    await keepWithin(now.going?.id)
  }

  /** The note about a conversation that has none that can be read. Undefined if it is not there, and null if it cannot be read either. */
  async function noteAgain(id: string): Promise<ChatNote | null | undefined> {
    const value = await records.get(id)
    const chat = parseKeptChat(value)
    if (!chat) return value === undefined ? undefined : null
    const note = noteOf(chat)
    await records.put(id, writtenChat(chat, note), chat.revision)
    return note
  }

  async function read(): Promise<void> {
    const all: ChatNote[] = []
    const unreadable: string[] = []
    for (const [id, noted] of await records.list()) {
      const note = parseChatNote(noted) ?? (await noteAgain(id))
      if (note) all.push({ ...note, id })
      else if (note === null) unreadable.push(id)
    }
    store.setState({ all: newestFirst(all), unreadable })
    await keepWithin(now.going?.id)
  }

  /** The whole conversation. One that another tab has deleted, or that cannot be read, leaves the list. */
  async function get(id: string): Promise<KeptChat | undefined> {
    const value = await records.get(id)
    const chat = parseKeptChat(value)
    if (chat) return chat
    store.setState(({ all, unreadable }) => ({
      all: all.filter((note) => note.id !== id),
      unreadable: value === undefined ? unreadable : [...unreadable, id],
      ...(value === undefined && { problem: say`Another tab has deleted this conversation.` }),
    }))
    return undefined
  }

  const after = createOrder(store)
  return {
    write: (moment: Moment) => after(() => write(moment)),
    read: () => after(read),
    get: (id: string) => after(() => get(id)),
    remove: (ids: readonly string[]) => after(() => remove(ids)),
  }
}

/** Watches the chat, and writes its conversation after each change. */
function createWatching(
  { play, model, runs }: Omit<Parts, 'chatRecords'>,
  store: StoreApi<ChatsState>,
  now: Now,
  kept: ReturnType<typeof createKept>,
) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let pending: Moment | undefined

  function take(): Moment | undefined {
    clearTimeout(timer)
    const moment = pending
    pending = undefined
    return moment
  }

  async function flush(): Promise<void> {
    const moment = take()
    if (moment) await kept.write(moment)
  }

  function keepSoon(state: PlayState): void {
    const { report } = model.store.getState()
    if (!report) return
    const going = (now.going ??= newGoing())
    for (const column of columnsIn(state)) {
      const name = column === baseColumn ? report.name : runs.find(column)?.name
      if (name !== undefined) going.names.set(column, name)
    }
    store.setState({ current: going.id })
    pending = { going, state, model: report, changedAt: Date.now() }
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), restMs)
  }

  play.store.subscribe((state, before) => {
    if (state.turns !== now.going?.opened && hasChanged(state, before)) keepSoon(state)
    if (state.turns.length === 0 && before.turns.length > 0) {
      void flush()
      now.going = undefined
      store.setState({ current: undefined })
    }
    // Whoever chooses a run to talk to wants the chat.
    if (state.turnedTo !== before.turnedTo) store.setState({ reading: undefined })
  })

  return {
    flush,
    /** What has not been written of the conversation in the chat is dropped, and the chat begins another one. */
    drop(): void {
      take()
      play.begin()
    },
    /** The chat, which is not running, continues this conversation. */
    goOn({ id, revision, createdAt, turns, ...chat }: KeptChat, columns: string[]): void {
      play.begin()
      const names = new Map(chat.columns.map(({ column, name }) => [column, name]))
      now.going = newGoing({ id, revision, createdAt, names, opened: turns, kept: promptsOf(turns) })
      store.setState({ current: id })
      play.goOn({ ...chat, turns }, columns)
    },
  }
}

const noRecords: ChatRecords = {
  list: async () => new Map(),
  get: async () => undefined,
  put: async () => 'done',
  remove: async () => undefined,
}

export function createChatHistory({ chatRecords = noRecords, ...parts }: Parts) {
  const { play, model, runs } = parts
  const store = createStore<ChatsState>(() => ({ all: [], unreadable: [] }))
  const now: Now = {}
  const kept = createKept(chatRecords, store, now)
  const watching = createWatching(parts, store, now, kept)

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
    load: async (): Promise<void> => kept.read(),
    isWithThis,
    /** Continues a conversation in the chat; with another base open, it is only shown. */
    async open(id: string): Promise<void> {
      const isRunning = (): boolean => play.store.getState().running
      if (isRunning()) return
      await watching.flush()
      if (id === store.getState().current) return store.setState({ reading: undefined })
      const chat = await kept.get(id)
      // The chat may have been asked something meanwhile.
      if (!chat || isRunning()) return
      const fits = isWithThis(chat)
      if (fits) watching.goOn(chat, columnsOf(chat))
      store.setState({ reading: fits ? undefined : chat })
    },
    /** Shows a conversation no longer. */
    close: (): void => store.setState({ reading: undefined }),
    remove: (id: string): Promise<void> => remove([id]),
    /** How many `removeAll` deletes, as far as this tab knows: with the one in the chat, which is not in the list before it is written. */
    countAll(): number {
      const { all, unreadable, current } = store.getState()
      return new Set([...all.map(({ id }) => id), ...unreadable].concat(current ?? [])).size
    },
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
