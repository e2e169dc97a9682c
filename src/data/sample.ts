// A row in the one shape that everything after it knows.
import type { ChatMessage } from '../tokenizer/chat-template'
import type { Mapping, Row } from './mapping'

export type Sample =
  | { kind: 'text'; text: string }
  | { kind: 'pair'; prompt: string; completion: string; system?: string }
  | { kind: 'chat'; messages: ChatMessage[]; tools?: unknown }
  | { kind: 'tokens'; ids: number[]; labels?: number[] }

/** Why a row cannot be used; the words stand behind "line 12: ". */
export class RowProblem extends Error {}

/** The row as a Sample; throws RowProblem. `vocab` bounds the ids of tokenised rows. */
export function sampleOf(row: Row, mapping: Mapping, vocab: number): Sample {
  const { columns } = mapping
  switch (mapping.format) {
    case 'tokens':
      return tokens(row, vocab)
    case 'text': {
      const text = words(row, columns.text)
      if (text === '') throw new RowProblem('the text is empty')
      return { kind: 'text', text }
    }
    case 'prompt-completion':
    case 'instruction': {
      const input = columns.input ? optionalWords(row, columns.input) : ''
      const prompt = [words(row, columns.prompt), input].filter((part) => part !== '').join('\n')
      if (prompt === '') throw new RowProblem('the prompt is empty')
      const system = columns.system ? optionalWords(row, columns.system) : ''
      return { kind: 'pair', prompt, completion: words(row, columns.completion), ...(system ? { system } : {}) }
    }
    case 'messages':
    case 'conversations':
      return chat(row, columns)
  }
}

function chat(row: Row, columns: Mapping['columns']): Sample {
  const list = [...turns(row, columns.messages)]
  if (columns.answer) {
    const answer = row[columns.answer]
    list.push(...(Array.isArray(answer) ? (answer as unknown[]) : [answer]))
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

function message(value: unknown, index: number): ChatMessage {
  const turn = `turn ${index + 1}`
  if (typeof value !== 'object' || value === null)
    throw new RowProblem(`${turn}: expected an object with role and content, got ${kind(value)}`)
  const { role: roleName, from, content, value: words, ...rest } = value as Record<string, unknown>
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

function tokens(row: Row, vocab: number): Sample {
  const ids = integers(row.input_ids, 'input_ids')
  if (!ids.length) throw new RowProblem('input_ids is empty')
  const beyond = ids.findIndex((id) => id < 0 || id >= vocab)
  if (beyond >= 0)
    throw new RowProblem(`input_ids: expected ids from 0 to ${vocab - 1}, as the model has, got ${ids[beyond]} at position ${beyond}`)
  const labels = row.labels === undefined || row.labels === null ? undefined : integers(row.labels, 'labels')
  if (labels && labels.length !== ids.length) throw new RowProblem(`labels: expected ${ids.length} like input_ids, got ${labels.length}`)
  const wrong = labels?.findIndex((id) => id !== -100 && (id < 0 || id >= vocab)) ?? -1
  if (labels && wrong >= 0)
    throw new RowProblem(`labels: expected -100 or ids from 0 to ${vocab - 1}, got ${labels[wrong]} at position ${wrong}`)
  const used = usedLength(row.attention_mask, ids.length)
  return { kind: 'tokens', ids: ids.slice(0, used), ...(labels ? { labels: labels.slice(0, used) } : {}) }
}

/** Tokens before the padding that an attention mask marks. */
function usedLength(mask: unknown, length: number): number {
  if (mask === undefined || mask === null) return length
  const list = integers(mask, 'attention_mask')
  const used = list.indexOf(0) < 0 ? list.length : list.indexOf(0)
  if (list.length !== length || list.slice(used).some((x) => x !== 0))
    throw new RowProblem('attention_mask: expected ones and then zeros, as many as input_ids (padding on the right)')
  return used
}

function integers(value: unknown, name: string): number[] {
  if (Array.isArray(value) && value.every((x) => Number.isInteger(x))) return value as number[]
  throw new RowProblem(`${name}: expected a list of whole numbers, got ${kind(value)}`)
}

function turns(row: Row, column: string | undefined): unknown[] {
  const value = column === undefined ? undefined : row[column]
  if (Array.isArray(value)) return value as unknown[]
  throw new RowProblem(`${column ?? 'messages'}: expected a list of turns, got ${kind(value)}`)
}

function words(row: Row, column: string | undefined): string {
  const value = column === undefined ? undefined : row[column]
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new RowProblem(`${column ?? 'column'}: expected text, got ${kind(value)}`)
}

function optionalWords(row: Row, column: string): string {
  return row[column] === undefined || row[column] === null ? '' : words(row, column)
}

function toolList(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? undefined
  if (value.trim() === '' || value.trim() === '[]') return undefined
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

function kind(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
