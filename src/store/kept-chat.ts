// A conversation as this browser keeps it: what was asked and answered, by which models, and with which settings.
import * as v from 'valibot'
import { askingForms } from '../config/asking'
import { type ChatSettings, chatFields } from '../config/chat-fields'
import { usableSettings } from '../config/field'
import { type Identity, identityIn } from '../config/identity'
import type { ModelReport } from '../worker/api'
import { type Answer, type ChatTurn, type PlayState, baseColumn, isAnswered } from './play-state'

/** Conversations that are kept. */
export const mostChats = 100
/** Of all together; and of one, which is kept without the probabilities of its tokens if it has more. In characters of JSON. */
const [mostChars, mostCharsOfOne] = [16 * 2 ** 20, 2 ** 21]

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
  /** How long all this is in JSON. */
  chars: number
}

const text = v.optional(v.string())
const count = v.number()
const asked = v.object({
  form: v.picklist([...askingForms, 'raw']),
  promptTemplate: text,
  taskDescription: text,
  systemWords: text,
})
const pieces = v.object({
  lengths: v.array(count),
  probabilities: v.array(count),
  alternatives: v.optional(v.array(v.array(v.object({ text: v.string(), probability: count })))),
})
const report = v.object({
  text: v.string(),
  pieces: v.optional(pieces),
  tokens: count,
  tokensPerSecond: count,
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
  chars: count,
})

/** A conversation of IndexedDB; undefined if it is not what this version writes. */
export function parseKeptChat(input: unknown): KeptChat | undefined {
  const found = v.safeParse(chat, input)
  if (!found.success) return undefined
  const { version: _, ...kept } = found.output
  return kept
}

/** Plain data for `parseKeptChat`. */
export const writtenChat = (kept: KeptChat): { revision: string } & Record<string, unknown> => ({ version: 1, ...kept })

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

const withChars = (kept: Omit<KeptChat, 'chars'>): KeptChat => ({ ...kept, chars: JSON.stringify(kept).length })

/** The conversation in the chat, to be kept. `nameOf`: of the run of a column, as long as it is there. Undefined if it is too long. */
export function chatOf(
  { turns, columns, asPrompt, settings }: PlayState,
  about: Pick<KeptChat, 'id' | 'createdAt'> & { model: ModelReport; nameOf(runId: string): string | undefined },
): KeptChat | undefined {
  const { id, createdAt, model, nameOf } = about
  const given = new Set([...columns, ...turns.flatMap(({ answers }) => Object.keys(answers))])
  const whole = withChars({
    id,
    revision: '',
    createdAt,
    changedAt: Date.now(),
    model: { name: model.name, ...identityIn(model) },
    asPrompt,
    settings,
    columns: [...given].map((column) => ({ column, name: column === baseColumn ? model.name : (nameOf(column) ?? column) })),
    turns: turns.map(lasting),
  })
  if (whole.chars <= mostCharsOfOne) return whole
  const bare = withChars({ ...whole, turns: whole.turns.map(withoutPieces) })
  return bare.chars <= mostCharsOfOne ? bare : undefined
}

/** The newest first. */
export const newestFirst = (all: Iterable<KeptChat>): KeptChat[] => [...all].sort((a, b) => b.changedAt - a.changedAt)

/** Those that are too many, or too much together: the oldest ones. */
export function beyondBounds(all: readonly KeptChat[]): KeptChat[] {
  let chars = 0
  return all.filter((kept, i) => (chars += kept.chars) > mostChars || i >= mostChats)
}
