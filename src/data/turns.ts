// The turns of a conversation, in the form that chat templates know.
import { entriesOf, parseJson, recordOf } from '../config/exact-json'
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
  /** The column of a system message that is not read, since the turns begin with one of their own. */
  unreadSystem?: string
  /** Turns that are never trained, because the data says so. */
  context?: readonly number[]
}

/** The conversation of a row that has a list of turns; throws RowProblem. */
export function chat(row: Row, columns: Mapping['columns']): Conversation {
  const list = [...questionTurns(row, columns)]
  if (columns.answer) {
    const answer = row[columns.answer]
    // A text is the assistant's words; what looks like a list of numbers in there stays text.
    if (isWords(answer) && !isTurns(answer)) list.push({ role: 'assistant', content: answer })
    else list.push(...(listOf(answer) ?? [answer]))
  }
  const read = list.map(turn)
  const system = columns.system ? optionalWords(row, columns.system) : ''
  const has = read[0]?.message.role === 'system'
  if (system && !has) read.unshift({ message: { role: 'system', content: system } })
  const answers = read.filter(({ message }) => message.role === 'assistant')
  if (!answers.length) throw new RowProblem('no turn of the assistant, so there is nothing to train on')
  if (answers.every(({ trained }) => trained === false))
    throw new RowProblem('every turn of the assistant is marked as not to be trained, so there is nothing to train on')
  const context = read.flatMap(({ trained }, i) => (trained === false ? [i] : []))
  const tools = columns.tools ? listOfObjects(withoutNulls(row[columns.tools]), columns.tools, 'functions') : undefined
  return {
    kind: 'chat',
    messages: read.map(({ message }) => message),
    ...(tools === undefined ? {} : { tools }),
    ...(system && has && system !== read[0].message.content ? { unreadSystem: columns.system } : {}),
    ...(context.length ? { context } : {}),
  }
}

/** Roles as the field names them; function calls are the assistant's, results come from tools (as in LLaMA-Factory's ShareGPT form). */
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

/** The role by one of its names, as the field names it. */
export const roleOf = (name: unknown): string | undefined =>
  typeof name === 'string' && Object.hasOwn(roles, name.toLowerCase()) ? roles[name.toLowerCase()] : undefined

/** Whether a value is a role's name. */
export const isRole = (name: unknown): boolean => roleOf(name) !== undefined

interface ReadTurn {
  message: ChatMessage
  /** Whether the data says that it is trained; absent = the data does not say. */
  trained?: boolean
}

function turn(value: unknown, index: number): ReadTurn {
  const where = `turn ${index + 1}`
  const fields = recordOf(withoutNulls(value))
  if (!fields) throw new RowProblem(`${where}: expected an object with role and content, got ${kind(value)}`)
  const { role: roleName, from, content, value: words, ...rest } = fields
  const name = roleName ?? from
  if (typeof name !== 'string') throw new RowProblem(`${where}: expected a role, got ${kind(name)}`)
  const role = roleOf(name)
  if (!role) throw new RowProblem(`${where}: expected one of the roles system, user, assistant and tool, got ${name}`)
  const trained = turnTrained(rest, where)
  if (role === 'assistant') refuseUnknownMarks(rest, where)
  // Only the assistant's turns are trained. A mark that asks for training another turn stays, and is noted as a key that nothing reads.
  const isRead = (key: string): boolean => trainingKeys.has(key) && !(trained && role !== 'assistant')
  const more = withCallList(Object.fromEntries(Object.entries(rest).filter(([key]) => !isRead(key))), where)
  const says = role === 'assistant' && Object.entries(more).some(([key, x]) => key === 'tool_calls' || (isText(x) && !names.includes(key)))
  const text = contentText(content ?? words, where, says)
  return { message: { ...inOrder(Object.keys(fields), more, role, text), ...more, role, content: text }, trained }
}

/** What a turn keeps, in the order of the file: a template may write a turn as a whole. */
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

/** A turn's calls as a list with the key `tool_calls`, also from a list in JSON text and from OpenAI's old single `function_call`. */
function withCallList({ tool_calls, function_call, ...rest }: Record<string, unknown>, where: string): Record<string, unknown> {
  const single = recordOf(function_call) ? [{ type: 'function', function: function_call }] : undefined
  const calls = listOfObjects(tool_calls, `${where}, tool_calls`, 'calls') ?? single
  return {
    ...rest,
    ...(function_call !== undefined && !single ? { function_call } : {}),
    ...(calls === undefined ? {} : { tool_calls: calls }),
  }
}

/** null means that a key is absent, and so does an empty list of calls or tools: files that went through Arrow have all keys in all rows. */
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

/** Content is text, or a list of parts; parts other than text cannot be trained on. */
function contentText(content: unknown, where: string, mayBeAbsent: boolean): string {
  if (isWords(content)) return String(content)
  if (content === undefined && mayBeAbsent) return ''
  if (!Array.isArray(content)) throw new RowProblem(`${where}: expected text, got ${kind(content)}`)
  return content
    .map((part: unknown) => {
      if (typeof part === 'string') return part
      const { type, text, value } = (part ?? {}) as Record<string, unknown>
      const words = text ?? value
      if ((type === undefined || type === 'text') && typeof words === 'string') return words
      throw new RowProblem(`${where}: expected parts of text, got a part of type ${JSON.stringify(type) ?? 'unknown'}`)
    })
    .join('')
}

/** The turns of a `history` column: pairs of question and answer (as alpaca's multi-turn rows have them), or turns. */
export function historyTurns(value: unknown): unknown[] {
  if (value === undefined || value === null || value === '') return []
  const list = listOf(value)
  if (!list) throw new RowProblem(`history: expected a list of turns, got ${kind(value)}`)
  return list.flatMap((item) => {
    if (!Array.isArray(item)) return [item]
    const [user, assistant] = item as unknown[]
    if (item.length !== 2) throw new RowProblem(`history: expected pairs of question and answer, got a list of ${item.length}`)
    return [
      { role: 'user', content: words({ question: user }, 'question') },
      { role: 'assistant', content: words({ answer: assistant }, 'answer') },
    ]
  })
}

/** The turns before the answer; a question in words beside an answer is one turn. */
function questionTurns(row: Row, { messages, answer }: Mapping['columns']): unknown[] {
  const value = messages === undefined ? undefined : row[messages]
  return answer !== undefined && typeof value === 'string' && !isTurns(value) ? [{ role: 'user', content: value }] : turns(row, messages)
}

function turns(row: Row, column: string | undefined): unknown[] {
  const value = column === undefined ? undefined : row[column]
  const list = listOf(value)
  if (list) return list
  const got = typeof value === 'string' && /^\s*\[/.test(value) ? 'text that is not JSON' : kind(value)
  throw new RowProblem(`${column ?? 'messages'}: expected a list of turns, got ${got}`)
}

/**
 * A list of calls or functions, also in JSON text, as a whole or one by one, or a single one; undefined where there is none.
 * @throws RowProblem for anything else: a template would go through a text character by character
 */
function listOfObjects(value: unknown, where: string, what: 'calls' | 'functions'): unknown[] | undefined {
  const inCall = what === 'calls'
  const given = typeof value === 'string' ? read(value, inCall) : value
  if (given === undefined || given === null || given === '') return undefined
  const isOne = ['name', 'function', 'type'].some((key) => Object.hasOwn(recordOf(given) ?? {}, key))
  const list = (isOne ? [given] : Array.isArray(given) ? given : [undefined]).map((item: unknown) =>
    typeof item === 'string' ? read(item, inCall) : item,
  )
  const wrong = list.findIndex((item) => !recordOf(item))
  if (wrong >= 0)
    throw new RowProblem(
      `${where}: expected a list of ${what}, got ${Array.isArray(given) ? `a list with ${kind(list[wrong])}` : kind(given)}`,
    )
  return list.length ? list : undefined
}

function read(text: string, inCall: boolean): unknown {
  try {
    return withoutNulls(parseJson(text), inCall)
  } catch {
    return text.trim()
  }
}
