// The turns of a conversation, in the form that chat templates know.
import { parseJson, recordOf } from '../config/exact-json'
import type { ChatMessage } from '../tokenizer/chat-template'
import type { Mapping, Row } from './row'
import { RowProblem, kind, optionalWords, words } from './row-values'
import { listOf } from './turn-list'

export interface Conversation {
  kind: 'chat'
  messages: ChatMessage[]
  tools?: unknown
}

/** The conversation of a row that has a list of turns; throws RowProblem. */
export function chat(row: Row, columns: Mapping['columns']): Conversation {
  const list = [...turns(row, columns.messages)]
  if (columns.answer) {
    const answer = row[columns.answer]
    list.push(...(listOf(answer) ?? [answer]))
  }
  const messages = list.map(message)
  const system = columns.system ? optionalWords(row, columns.system) : ''
  if (system && messages[0]?.role !== 'system') messages.unshift({ role: 'system', content: system })
  if (!messages.some((m) => m.role === 'assistant')) throw new RowProblem('no turn of the assistant, so there is nothing to train on')
  const tools = columns.tools ? toolList(row[columns.tools]) : undefined
  return { kind: 'chat', messages, ...(tools === undefined ? {} : { tools }) }
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
  tool_response: 'tool',
  function_response: 'tool',
}

/** Whether a value is a role's name. */
export const isRole = (name: unknown): boolean => typeof name === 'string' && Object.hasOwn(roles, name.toLowerCase())

function message(value: unknown, index: number): ChatMessage {
  const turn = `turn ${index + 1}`
  const fields = recordOf(value)
  if (!fields) throw new RowProblem(`${turn}: expected an object with role and content, got ${kind(value)}`)
  const { role: roleName, from, content, value: words, ...rest } = fields
  const name = roleName ?? from
  if (typeof name !== 'string') throw new RowProblem(`${turn}: expected a role, got ${kind(name)}`)
  const role = Object.hasOwn(roles, name.toLowerCase()) ? roles[name.toLowerCase()] : undefined
  if (!role) throw new RowProblem(`${turn}: expected one of the roles system, user, assistant and tool, got ${name}`)
  const text = contentText(content ?? words, turn, rest.tool_calls !== undefined)
  const kept = Object.fromEntries(
    ['name', 'tool_calls', 'tool_call_id'].flatMap((key) => (rest[key] === undefined ? [] : [[key, rest[key]]])),
  )
  return { role, content: text, ...kept }
}

/** Content is text, or a list of parts; parts other than text cannot be trained on. */
function contentText(content: unknown, turn: string, hasCalls: boolean): string {
  if (typeof content === 'string') return content
  if ((content === null || content === undefined) && hasCalls) return ''
  if (!Array.isArray(content)) throw new RowProblem(`${turn}: expected text, got ${kind(content)}`)
  return content
    .map((part: unknown) => {
      if (typeof part === 'string') return part
      const { type, text, value } = (part ?? {}) as Record<string, unknown>
      const words = text ?? value
      if ((type === undefined || type === 'text') && typeof words === 'string') return words
      throw new RowProblem(`${turn}: expected parts of text, got a part of type ${JSON.stringify(type) ?? 'unknown'}`)
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

function turns(row: Row, column: string | undefined): unknown[] {
  const value = column === undefined ? undefined : row[column]
  const list = listOf(value)
  if (list) return list
  const got = typeof value === 'string' && /^\s*\[/.test(value) ? 'text that is not JSON' : kind(value)
  throw new RowProblem(`${column ?? 'messages'}: expected a list of turns, got ${got}`)
}

function toolList(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? undefined
  if (value.trim() === '' || value.trim() === '[]') return undefined
  try {
    return parseJson(value)
  } catch {
    return value
  }
}
