// A row as a sample, the form that all later steps read.
import { numberOf } from '../config/exact-json'
import { say } from '../config/phrase'
import type { Mapping, Row } from './row'
import { RowProblem, kind, optionalWords, words } from './row-values'
import { type Conversation, chat, historyTurns } from './turns'

export type Sample =
  | { kind: 'text'; text: string }
  | { kind: 'pair'; prompt: string; completion: string; system?: string }
  | Conversation
  | { kind: 'tokens'; ids: number[]; labels?: number[] }

/** The row as a sample. `vocab` bounds the ids of tokenised rows. @throws RowProblem */
export function sampleOf(row: Row, mapping: Mapping, vocab: number): Sample {
  const { columns } = mapping
  switch (mapping.format) {
    case 'tokens':
      return tokens(row, vocab)
    case 'text': {
      const text = words(row, columns.text)
      if (text === '') throw new RowProblem(say`the text is empty`)
      return { kind: 'text', text }
    }
    case 'prompt-completion':
    case 'instruction':
      return pair(row, columns)
    case 'messages':
    case 'conversations':
      return chat(row, columns)
  }
}

/** A question with its answer; with a history, a conversation. */
function pair(row: Row, columns: Mapping['columns']): Sample {
  const input = columns.input ? optionalWords(row, columns.input) : ''
  const prompt = [words(row, columns.prompt), input].filter((part) => part !== '').join('\n')
  if (prompt === '') throw new RowProblem(say`the prompt is empty`)
  const system = columns.system ? optionalWords(row, columns.system) : ''
  const completion = words(row, columns.completion)
  const history = columns.history ? historyTurns(row[columns.history]) : []
  if (!history.length) return { kind: 'pair', prompt, completion, ...(system ? { system } : {}) }
  const asked = { role: 'user', content: prompt }
  const messages = [...history, asked, { role: 'assistant', content: completion }]
  return chat({ messages, system }, { messages: 'messages', system: 'system' })
}

function tokens(row: Row, vocab: number): Sample {
  const ids = integers(row.input_ids, 'input_ids')
  if (!ids.length) throw new RowProblem(say`input_ids is empty`)
  const beyond = ids.findIndex((id) => id < 0 || id >= vocab)
  if (beyond >= 0)
    throw new RowProblem(say`input_ids: expected ids from 0 to ${vocab - 1}, as the model has, got ${ids[beyond]} at position ${beyond}`)
  const labels = row.labels === undefined || row.labels === null ? undefined : integers(row.labels, 'labels')
  if (labels && labels.length !== ids.length)
    throw new RowProblem(say`labels: expected ${ids.length} of them, as many as input_ids, got ${labels.length}`)
  const wrong = labels?.findIndex((id) => id !== -100 && (id < 0 || id >= vocab)) ?? -1
  if (labels && wrong >= 0)
    throw new RowProblem(say`labels: expected -100 or ids from 0 to ${vocab - 1}, got ${labels[wrong]} at position ${wrong}`)
  const used = usedLength(row.attention_mask, ids.length)
  return { kind: 'tokens', ids: ids.slice(0, used), ...(labels ? { labels: labels.slice(0, used) } : {}) }
}

/** Tokens before the padding that an attention mask marks. */
function usedLength(mask: unknown, length: number): number {
  if (mask === undefined || mask === null) return length
  const list = integers(mask, 'attention_mask')
  const used = list.indexOf(0) < 0 ? list.length : list.indexOf(0)
  if (list.length !== length || list.slice(used).some((x) => x !== 0))
    throw new RowProblem(say`attention_mask: expected ones and then zeros, as many as input_ids (padding on the right)`)
  return used
}

function integers(value: unknown, name: string): number[] {
  const list: unknown[] = Array.isArray(value) ? value.map(numberOf) : []
  if (Array.isArray(value) && list.every((x) => Number.isInteger(x))) return list as number[]
  throw new RowProblem(say`${name}: expected a list of whole numbers, got ${kind(value)}`)
}
