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

/** TRL's masks of rows of token ids: 1 = trained. */
const masks = ['completion_mask', 'assistant_masks'] as const
/** Columns that are read in rows of token ids. */
export const readInTokens: readonly string[] = ['input_ids', 'labels', 'attention_mask', ...masks]
/** Names of columns that may say in other tools which ids are trained. */
const otherMask =
  /^(loss|labels?|train(ed|ing)?|target|prompt|completion|response|answer|assistant|user|instruction)_?(mask|weight)(s|ing)?$/i

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
  const targets = maskedLabels(row, ids, labels)
  return { kind: 'tokens', ids: ids.slice(0, used), ...(targets ? { labels: targets.slice(0, used) } : {}) }
}

/** The labels (without them the ids), without those that a mask leaves out. TRL's collator takes all masks that there are, too. */
function maskedLabels(row: Row, ids: readonly number[], labels: number[] | undefined): number[] | undefined {
  const unknown = Object.keys(row).find((column) => otherMask.test(column) && !readInTokens.includes(column) && Array.isArray(row[column]))
  if (unknown !== undefined && !labels)
    throw new RowProblem(say`expected labels, completion_mask or assistant_masks to say which ids are trained, got ${unknown}`)
  let out = labels
  for (const name of masks) {
    const value = row[name]
    if (value === undefined || value === null) continue
    const mask = Array.isArray(value)
      ? integers(
          value.map((x: unknown) => (typeof x === 'boolean' ? Number(x) : x)),
          name,
        )
      : integers(value, name)
    if (mask.length !== ids.length || mask.some((x) => x !== 0 && x !== 1))
      throw new RowProblem(say`${name}: expected ${ids.length} zeros and ones, as many as input_ids, got something else`)
    out = (out ?? ids).map((id, i) => (mask[i] ? id : -100))
  }
  return out
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
