// A conversation as this browser keeps it: what was asked and answered, by which models, and with which settings.
import * as v from 'valibot'
import { askingForms } from '../config/asking'
import { type ChatSettings, chatFields } from '../config/chat-fields'
import { usableSettings } from '../config/field'
import { type Identity, identityIn } from '../config/identity'
import type { ModelReport } from '../worker/api'
import { number } from './kept-run'
import { type Answer, type ChatTurn, type PlayState, isAnswered } from './play-state'

/** Conversations that are kept. */
export const mostChats = 100
/** Of all together; and of one, which is kept without the probabilities of its tokens if it has more. Bytes of JSON in UTF-8. */
const [mostBytes, mostBytesOfOne] = [16 * 2 ** 20, 2 ** 21]
/** Characters of a prompt that name its conversation. */
const promptChars = 120

export interface KeptChat {
  id: string
  revision: string
  createdAt: number
  changedAt: number
  /** The base model. */
  model: Partial<Identity> & { name: string }
  asPrompt: boolean
  settings: ChatSettings
  /** Those that were shown, in order, with the names that they had then. */
  columns: { column: string; name: string }[]
  turns: ChatTurn[]
}

/** What the list shows of a conversation, and what the bounds need. */
export interface ChatNote extends Pick<KeptChat, 'id' | 'revision' | 'changedAt'> {
  /** The name of the base model. */
  model: string
  /** How its first prompt begins. */
  prompt: string
  turns: number
  bytes: number
  /** What `bytes` would be without the probabilities of its tokens. */
  bareBytes: number
}

const text = v.optional(v.string())
const count = v.pipe(v.number(), v.finite())
const asked = v.object({
  form: v.picklist([...askingForms, 'raw']),
  promptTemplate: text,
  taskDescription: text,
  systemWords: text,
})
const pieces = v.object({
  lengths: v.array(count),
  probabilities: v.array(number),
  alternatives: v.optional(v.array(v.array(v.object({ text: v.string(), probability: number })))),
})
const report = v.object({
  text: v.string(),
  pieces: v.optional(pieces),
  tokens: count,
  tokensPerSecond: number,
  promptTokens: count,
  cachedTokens: count,
  complete: v.boolean(),
  asked,
})
const answer: v.GenericSchema<unknown, Answer> = v.object({
  status: v.picklist(['done', 'stopped']),
  text: v.string(),
  report: v.optional(report),
})
const turn: v.GenericSchema<unknown, ChatTurn> = v.object({ prompt: v.string(), answers: v.record(v.string(), answer), expected: text })
const chat = v.object({
  version: v.literal(1),
  id: v.string(),
  revision: v.string(),
  createdAt: count,
  changedAt: count,
  model: v.object({ name: v.string(), fingerprint: text, lineage: text }),
  asPrompt: v.boolean(),
  settings: v.pipe(
    v.unknown(),
    v.transform((given) => usableSettings(chatFields, given)),
  ),
  columns: v.array(v.object({ column: v.string(), name: v.string() })),
  turns: v.pipe(v.array(turn), v.minLength(1)),
})
const note = v.object({
  version: v.literal(1),
  id: v.string(),
  revision: v.string(),
  changedAt: count,
  model: v.string(),
  prompt: v.string(),
  turns: count,
  bytes: count,
  bareBytes: count,
})

/** A conversation of IndexedDB; undefined if it is not what this version writes. */
export function parseKeptChat(input: unknown): KeptChat | undefined {
  const found = v.safeParse(chat, input)
  if (!found.success) return undefined
  const { version: _, ...kept } = found.output
  return kept
}

/** A note of IndexedDB; undefined if it is not what this version writes. */
export function parseChatNote(input: unknown): ChatNote | undefined {
  const found = v.safeParse(note, input)
  if (!found.success) return undefined
  const { version: _, ...noted } = found.output
  return noted
}

/** Plain data for `parseKeptChat` and `parseChatNote`. */
export const writtenChat = (kept: KeptChat, noted = noteOf(kept)) => ({ whole: { version: 1, ...kept }, note: { version: 1, ...noted } })

/** What of a turn outlives the page: whole answers, and what there was of those that were stopped or are being written. */
function lasting({ prompt, answers, expected }: ChatTurn): ChatTurn {
  const whole = Object.entries(answers).flatMap(([column, given]): [string, Answer][] => {
    if (isAnswered(given)) return [[column, given]]
    const { text: begun } = given as Answer
    return begun === '' ? [] : [[column, { status: 'stopped', text: begun }]]
  })
  return { prompt, answers: Object.fromEntries(whole), ...(expected !== undefined && { expected }) }
}

function withoutPieces({ answers, ...given }: ChatTurn): ChatTurn {
  const bare = Object.entries(answers).map(([column, { report: whole, ...rest }]): [string, Answer] => {
    if (!whole) return [column, rest]
    const { pieces: _, ...about } = whole
    return [column, { ...rest, report: about }]
  })
  return { ...given, answers: Object.fromEntries(bare) }
}

/** Without the probabilities of its tokens. */
export const bareChat = (kept: KeptChat): KeptChat => ({ ...kept, turns: kept.turns.map(withoutPieces) })

const bytesOf = (kept: KeptChat): number => new TextEncoder().encode(JSON.stringify(kept)).length

function beginningOf({ turns: [first] }: KeptChat): string {
  const line = first.prompt.replace(/\s+/g, ' ').trim()
  return line.length > promptChars ? `${line.slice(0, promptChars)}…` : line
}

export function noteOf(kept: KeptChat): ChatNote {
  const { id, revision, changedAt, model, turns } = kept
  const [bytes, bareBytes] = [bytesOf(kept), bytesOf(bareChat(kept))]
  return { id, revision, changedAt, model: model.name, prompt: beginningOf(kept), turns: turns.length, bytes, bareBytes }
}

/** The columns that are shown, in order, and then those that have answered. */
export const columnsIn = ({ turns, columns }: Pick<PlayState, 'turns' | 'columns'>): string[] => [
  ...new Set([...columns, ...turns.flatMap(({ answers }) => Object.keys(answers))]),
]

/** The conversation in the chat, to be kept. `names`: of its columns. Undefined if it is too long. */
export function chatOf(
  state: Pick<PlayState, 'turns' | 'columns' | 'asPrompt' | 'settings'>,
  about: Pick<KeptChat, 'id' | 'createdAt' | 'changedAt'> & { model: ModelReport; names: ReadonlyMap<string, string> },
): KeptChat | undefined {
  const { id, createdAt, changedAt, model, names } = about
  const whole: KeptChat = {
    id,
    revision: crypto.randomUUID(),
    createdAt,
    changedAt,
    model: { name: model.name, ...identityIn(model) },
    asPrompt: state.asPrompt,
    settings: state.settings,
    columns: columnsIn(state).map((column) => ({ column, name: names.get(column) ?? column })),
    turns: state.turns.map(lasting),
  }
  if (bytesOf(whole) <= mostBytesOfOne) return whole
  const bare = bareChat(whole)
  return bytesOf(bare) <= mostBytesOfOne ? bare : undefined
}

/** The newest first. */
export const newestFirst = (all: Iterable<ChatNote>): ChatNote[] => [...all].sort((a, b) => b.changedAt - a.changedAt)

/**
 * What has to go so that all, the newest first, are within the bounds: first the probabilities of the tokens of the oldest (`bare`), and whole
 * conversations (`gone`) only where that is not enough. The one in the chat stays as it is.
 */
export function beyondBounds(all: readonly ChatNote[], current?: string): { bare: string[]; gone: string[] } {
  const tooMany = all.slice(mostChats).filter(({ id }) => id !== current)
  const left = all.filter((one) => !tooMany.includes(one))
  const oldestFirst = left.filter(({ id }) => id !== current).reverse()
  let bytes = left.reduce((sum, one) => sum + one.bytes, 0)
  const bare: string[] = []
  for (const one of oldestFirst) {
    if (bytes <= mostBytes) break
    if (one.bareBytes < one.bytes) bare.push(one.id)
    bytes -= one.bytes - one.bareBytes
  }
  const gone = tooMany.map(({ id }) => id)
  for (const one of oldestFirst) {
    if (bytes <= mostBytes) break
    gone.push(one.id)
    bytes -= one.bareBytes
  }
  return { bare: bare.filter((id) => !gone.includes(id)), gone }
}
