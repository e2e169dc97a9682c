// The turns of a conversation, in the form that chat templates know.
import { entriesOf, parseJson, recordOf } from '../config/exact-json'
import { type Phrase, type PhraseValue, say } from '../config/phrase'
import type { ChatMessage } from '../tokenizer/chat-message'
import { isWords } from './column-names'
import { argumentKeys } from '../tokenizer/tool-calls'
import type { Mapping, Row } from './row'
import { RowProblem, kind, optionalWords, words } from './row-values'
import { refuseUnknownMarks, trainingKeys, turnTrained } from './turn-training'
import { isTurns, listOf } from './turn-list'

export interface Conversation {
  kind: 'chat'
  messages: ChatMessage[]
  tools?: unknown
  /** The column of a system message that is not read, because the turns begin with their own. */
  unreadSystem?: string
  /** Turns that have the role developer in the data. Their messages have the role system, which every template knows. */
  developers?: readonly number[]
  /** Turns that are never trained, because the data says so. */
  context?: readonly number[]
}

/** Most turns of a conversation. A template goes through all of them several times. */
const mostTurns = 10_000

/** The conversation of a row that has a list of turns; throws RowProblem. */
export function chat(row: Row, columns: Mapping['columns']): Conversation {
  const list = [...questionTurns(row, columns)]
  if (columns.answer) {
    const answer = row[columns.answer]
    // Text is the assistant's words, even if it looks like a list of numbers.
    if (isWords(answer) && !isTurns(answer)) list.push({ role: 'assistant', content: answer })
    else list.push(...(listOf(answer) ?? [answer]))
  }
  if (list.length > mostTurns) throw new RowProblem(say`expected at most ${mostTurns} turns, got ${list.length}`)
  const read: ReadTurn[] = list.map(turn)
  const system = columns.system ? optionalWords(row, columns.system) : ''
  const has = read[0]?.message.role === 'system'
  if (system && !has) read.unshift({ message: { role: 'system', content: system } })
  const answers = read.filter(({ message }) => message.role === 'assistant')
  if (!answers.length) throw new RowProblem(say`it has no assistant turn, so there is nothing to train on`)
  if (answers.every(({ trained }) => trained === false))
    throw new RowProblem(say`every assistant turn is marked as not to be trained, so there is nothing to train on`)
  const developers = read.flatMap(({ developer }, i) => (developer ? [i] : []))
  const context = read.flatMap(({ trained }, i) => (trained === false ? [i] : []))
  const tools = columns.tools ? listOfObjects(withoutNulls(row[columns.tools]), columns.tools, 'functions') : undefined
  return {
    kind: 'chat',
    messages: read.map(({ message }) => message),
    ...(tools === undefined ? {} : { tools }),
    ...(system && has && system !== read[0].message.content ? { unreadSystem: columns.system } : {}),
    ...(developers.length ? { developers } : {}),
    ...(context.length ? { context } : {}),
  }
}

/** The standard name of each role. Function calls are the assistant's, and their results come from tools (as in LLaMA-Factory's ShareGPT form). */
const roles: Readonly<Record<string, string>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  prompter: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  chatgpt: 'assistant',
  bot: 'assistant',
  model: 'assistant',
  function_call: 'assistant',
  tool_call: 'assistant',
  observation: 'tool',
  tool: 'tool',
  function: 'tool',
  ipython: 'tool',
  tool_response: 'tool',
  function_response: 'tool',
}

/** The standard name of a role. */
export const roleOf = (name: unknown): string | undefined =>
  typeof name === 'string' && Object.hasOwn(roles, name.toLowerCase()) ? roles[name.toLowerCase()] : undefined

/** Whether a value is a role's name. */
export const isRole = (name: unknown): boolean => roleOf(name) !== undefined

interface ReadTurn {
  message: ChatMessage
  /** The data calls it developer. */
  developer?: boolean
  /** Whether the data says that it is trained; absent = the data does not say. */
  trained?: boolean
}

function turn(value: unknown, index: number): ReadTurn {
  const where = say`turn ${index + 1}`
  const fields = recordOf(withoutNulls(value))
  if (!fields) throw new RowProblem(say`${where}: expected an object with role and content, got ${kind(value)}`)
  const { role: roleName, from, content, value: words, ...rest } = fields
  const name = roleName ?? from
  if (typeof name !== 'string') throw new RowProblem(say`${where}: expected a role, got ${kind(name)}`)
  const role = roleOf(name)
  if (!role) throw new RowProblem(say`${where}: expected one of the roles system, user, assistant and tool, got ${name}`)
  const trained = turnTrained(rest, where)
  if (role === 'assistant') refuseUnknownMarks(rest, where)
  // Only assistant turns are trained. A mark that asks to train another turn stays in the turn, and a note says that nothing reads it.
  const isRead = (key: string): boolean => trainingKeys.has(key) && !(trained && role !== 'assistant')
  const more = withCallList(Object.fromEntries(Object.entries(rest).filter(([key]) => !isRead(key))), where)
  const says = role === 'assistant' && Object.entries(more).some(([key, x]) => key === 'tool_calls' || (isText(x) && !names.includes(key)))
  const text = contentText(content ?? words, where, says)
  return {
    message: { ...inOrder(Object.keys(fields), more, role, text), ...more, role, content: text },
    trained,
    developer: name.toLowerCase() === 'developer',
  }
}

/** The keys that a turn keeps, in the order of the file, because a template may write the whole turn. */
function inOrder(keys: readonly string[], kept: Readonly<Record<string, unknown>>, role: string, content: string): Record<string, unknown> {
  const entries = keys.map((key): [string, unknown] => {
    if (key === 'role' || key === 'from') return ['role', role]
    return key === 'content' || key === 'value' ? ['content', content] : [key, kept[key]]
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** Keys of a turn that only name something. */
const names: readonly string[] = ['name', 'id', 'tool_call_id']
const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** The turn with its calls as a list `tool_calls`. They are also read from JSON text and from OpenAI's old single `function_call`. */
function withCallList({ tool_calls, function_call, ...rest }: Record<string, unknown>, where: Phrase): Record<string, unknown> {
  const single = recordOf(function_call) ? [{ type: 'function', function: function_call }] : undefined
  const calls = listOfObjects(tool_calls, say`${where}, tool_calls`, 'calls') ?? single
  return {
    ...rest,
    ...(function_call !== undefined && !single ? { function_call } : {}),
    ...(calls === undefined ? {} : { tool_calls: calls }),
  }
}

/** Leaves out keys with null and empty lists of calls or tools: files that Arrow wrote have every key in every row. */
function withoutNulls(value: unknown, inCall = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, inCall))
  const entries = entriesOf(value)
  if (!entries) return value
  // null is a value in the arguments of a call.
  const isArguments = (key: string): boolean => argumentKeys.some((name) => name === key)
  const isAbsent = (key: string, x: unknown): boolean =>
    x === null || (Array.isArray(x) && /(calls?|tools?|functions?)$/.test(key) && x.every((item) => item === null))
  const inside = (key: string, x: unknown): unknown => (inCall && isArguments(key) ? x : withoutNulls(x, inCall || /calls?$/.test(key)))
  const kept = entries.flatMap(([key, x]): [string, unknown][] => (isAbsent(key, x) ? [] : [[key, inside(key, x)]]))
  return value instanceof Map ? new Map(kept) : Object.fromEntries(kept)
}

/** Content is text, or a list of parts. Only parts that are text can be trained on. */
function contentText(content: unknown, where: Phrase, mayBeAbsent: boolean): string {
  if (isWords(content)) return String(content)
  if (content === undefined && mayBeAbsent) return ''
  if (!Array.isArray(content)) throw new RowProblem(say`${where}: expected text, got ${kind(content)}`)
  return content
    .map((part: unknown) => {
      if (typeof part === 'string') return part
      const { type, text, value } = (part ?? {}) as Record<string, unknown>
      const words = text ?? value
      if ((type === undefined || type === 'text') && typeof words === 'string') return words
      throw new RowProblem(say`${where}: expected parts of text, got a part of type ${JSON.stringify(type) ?? say`unknown`}`)
    })
    .join('')
}

/** The turns of a `history` column: pairs of question and answer (as in alpaca's multi-turn rows), or turns. */
export function historyTurns(value: unknown): unknown[] {
  if (value === undefined || value === null || value === '') return []
  const list = listOf(value)
  if (!list) throw new RowProblem(say`history: expected a list of turns, got ${kind(value)}`)
  return list.flatMap((item) => {
    if (!Array.isArray(item)) return [item]
    const [user, assistant] = item as unknown[]
    if (item.length !== 2) throw new RowProblem(say`history: expected pairs of question and answer, got a list of ${item.length}`)
    return [
      { role: 'user', content: words({ question: user }, 'question') },
      { role: 'assistant', content: words({ answer: assistant }, 'answer') },
    ]
  })
}

/** The turns before the answer. A question that is plain text is one turn. */
function questionTurns(row: Row, { messages, answer }: Mapping['columns']): unknown[] {
  const value = messages === undefined ? undefined : row[messages]
  return answer !== undefined && typeof value === 'string' && !isTurns(value) ? [{ role: 'user', content: value }] : turns(row, messages)
}

function turns(row: Row, column: string | undefined): unknown[] {
  const value = column === undefined ? undefined : row[column]
  const list = listOf(value)
  if (list) return list
  const got = typeof value === 'string' && /^\s*\[/.test(value) ? say`text that is not JSON` : kind(value)
  throw new RowProblem(say`${column ?? 'messages'}: expected a list of turns, got ${got}`)
}

/**
 * The list of calls or functions in a value; undefined if there is none. The list or its items may be JSON text, and a single item is
 * a list of one. @throws RowProblem for anything else, because a template would loop over the characters of a text
 */
function listOfObjects(value: unknown, where: PhraseValue, what: 'calls' | 'functions'): unknown[] | undefined {
  const inCall = what === 'calls'
  const given = typeof value === 'string' ? read(value, inCall) : value
  if (given === undefined || given === null || given === '') return undefined
  const isOne = ['name', 'function', 'type'].some((key) => Object.hasOwn(recordOf(given) ?? {}, key))
  const list = (isOne ? [given] : Array.isArray(given) ? given : [undefined]).map((item: unknown) =>
    typeof item === 'string' ? read(item, inCall) : item,
  )
  const wrong = list.findIndex((item) => !recordOf(item))
  if (wrong >= 0) {
    const got = Array.isArray(given) ? say`a list with ${kind(list[wrong])}` : kind(given)
    throw new RowProblem(
      inCall ? say`${where}: expected a list of calls, got ${got}` : say`${where}: expected a list of functions, got ${got}`,
    )
  }
  return list.length ? list : undefined
}

function read(text: string, inCall: boolean): unknown {
  try {
    return withoutNulls(parseJson(text), inCall)
  } catch {
    return text.trim()
  }
}
