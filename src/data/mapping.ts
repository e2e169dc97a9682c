// Which format a dataset has and which column plays which role.
import type { DataOptions } from '../config/data-options'
import { FormatError } from '../config/errors'
import { JsonNumber, recordOf } from '../config/exact-json'

export type RowFormat = Exclude<DataOptions['format'], 'auto'>
export type Row = Readonly<Record<string, unknown>>

export interface Mapping {
  format: RowFormat
  /** Role → column. */
  columns: {
    text?: string
    prompt?: string
    /** More of the prompt, on a line of its own. */
    input?: string
    completion?: string
    /** List of turns. */
    messages?: string
    /** An answer beside the list of turns: the chosen one of a preference pair. */
    answer?: string
    system?: string
    tools?: string
  }
  notes: string[]
}

/** Column names that mean the same, most telling first. */
const names = {
  prompt: ['prompt', 'question', 'query', 'instruction', 'source', 'problem', 'input'],
  input: ['input', 'context'],
  completion: ['completion', 'output', 'response', 'answer', 'target', 'solution', 'chosen'],
  messages: ['messages', 'conversations', 'conversation', 'dialogue', 'dialog', 'turns', 'chat'],
  text: ['text', 'content', 'story', 'document', 'body'],
  system: ['system'],
  tools: ['tools', 'functions'],
} as const

const has = (row: Row, column: string | undefined): column is string => column !== undefined && Object.hasOwn(row, column)
const firstOf = (row: Row, candidates: readonly string[], fits: (value: unknown) => boolean): string | undefined =>
  candidates.find((name) => has(row, name) && fits(row[name]))
const isWords = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value) || value instanceof JsonNumber
const isTurn = (value: unknown): boolean => {
  const turn = recordOf(value)
  return turn !== undefined && ('role' in turn || 'from' in turn)
}
const isTurns = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && isTurn(value[0])

/** The mapping for a dataset, from its first rows: by hand (`options.columns`), by format name, or as most rows suggest. */
export function detectMapping(rows: readonly Row[], options: Pick<DataOptions, 'format' | 'columns'>): Mapping {
  const columns = options.columns
  if (columns && Object.values(columns).some(Boolean)) return byHand(rows, columns)
  const votes = new Map<string, { mapping: Mapping; count: number }>()
  for (const row of rows) {
    const mapping = mappingOf(row, options.format)
    if (!mapping) continue
    const key = JSON.stringify([mapping.format, mapping.columns])
    const vote = votes.get(key) ?? { mapping, count: 0 }
    vote.count++
    votes.set(key, vote)
  }
  // Rows may leave optional columns out; of formats that are as frequent the one with more columns says more.
  const best = [...votes.values()].sort(
    (a, b) => b.count - a.count || Object.keys(b.mapping.columns).length - Object.keys(a.mapping.columns).length,
  )[0]
  if (best)
    return withOptional(
      best.mapping,
      [...votes.values()].map((vote) => vote.mapping),
    )
  const seen = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, 20).join(', ')
  const wanted =
    options.format === 'auto'
      ? 'text, prompt and completion, instruction and output, messages, conversations or input_ids'
      : `columns for the format ${options.format}`
  throw new FormatError(
    `dataset: expected ${wanted}, got columns ${seen || 'none'}. Say which column is the prompt and which the completion.`,
  )
}

/** Columns that only some rows have are read where they are. */
function withOptional(best: Mapping, all: readonly Mapping[]): Mapping {
  const alike = all.filter(
    (m) => m.format === best.format && m.columns.messages === best.columns.messages && m.columns.prompt === best.columns.prompt,
  )
  const columns: Mapping['columns'] = Object.assign({}, ...alike.map((m) => m.columns), best.columns)
  return { ...best, columns }
}

function byHand(rows: readonly Row[], columns: NonNullable<DataOptions['columns']>): Mapping {
  const missing = Object.values(columns).filter((column) => column && !rows.some((row) => has(row, column)))
  if (missing.length)
    throw new FormatError(
      `dataset: expected the column ${missing.join(', ')}, got none in the first rows. Choose columns that the dataset has.`,
    )
  const notes: string[] = []
  if (columns.messages) return { format: 'messages', columns: { messages: columns.messages, ...extras(rows[0]) }, notes }
  if (columns.prompt && columns.completion) {
    const { prompt, input, completion } = columns
    return { format: input ? 'instruction' : 'prompt-completion', columns: { prompt, input, completion }, notes }
  }
  if (columns.text) return { format: 'text', columns: { text: columns.text }, notes }
  throw new FormatError(
    'dataset: expected a column for the text, for the turns, or for prompt and completion, got only some of these. Choose the missing column.',
  )
}

function mappingOf(row: Row, format: DataOptions['format']): Mapping | undefined {
  const wanted = (...formats: RowFormat[]): boolean => format === 'auto' || formats.includes(format)
  if (wanted('tokens') && Array.isArray(row.input_ids)) return { format: 'tokens', columns: {}, notes: [] }
  if (wanted('messages', 'conversations')) {
    const turns = turnsMapping(row)
    if (turns) return turns
  }
  if (wanted('prompt-completion', 'instruction')) {
    const pair = pairMapping(row)
    if (pair) return pair
  }
  if (!wanted('text')) return undefined
  const words = Object.keys(row).filter((column) => typeof row[column] === 'string')
  const text = firstOf(row, names.text, (v) => typeof v === 'string') ?? (words.length === 1 ? words[0] : undefined)
  return text === undefined ? undefined : { format: 'text', columns: { text }, notes: [] }
}

const preference = 'These are preference pairs. TabTune trains on the chosen answers; the rejected ones are not used.'

function turnsMapping(row: Row): Mapping | undefined {
  const messages = firstOf(row, names.messages, isTurns)
  if (messages) {
    const format = 'from' in (recordOf((row[messages] as unknown[])[0]) ?? {}) ? 'conversations' : 'messages'
    const answer = isTurn(row.chosen) ? 'chosen' : undefined
    return { format, columns: { messages, ...(answer ? { answer } : {}), ...extras(row) }, notes: answer ? [preference] : [] }
  }
  // Prompt and completion, or the chosen of a preference pair, as lists of turns.
  if (isTurns(row.prompt) && isTurns(row.completion))
    return { format: 'messages', columns: { messages: 'prompt', answer: 'completion', ...extras(row) }, notes: [] }
  if (isTurns(row.prompt) && isTurns(row.chosen))
    return { format: 'messages', columns: { messages: 'prompt', answer: 'chosen', ...extras(row) }, notes: [preference] }
  if (isTurns(row.chosen)) return { format: 'messages', columns: { messages: 'chosen', ...extras(row) }, notes: [preference] }
  return undefined
}

function pairMapping(row: Row): Mapping | undefined {
  const completion = firstOf(row, names.completion, isWords)
  const prompt = firstOf(row, names.prompt, isWords)
  if (!completion || !prompt) return undefined
  const input = names.input.find((name) => name !== prompt && has(row, name) && (isWords(row[name]) || row[name] === null))
  const notes = completion === 'chosen' && has(row, 'rejected') ? [preference] : []
  const format = prompt === 'instruction' || input ? 'instruction' : 'prompt-completion'
  return {
    format,
    columns: { prompt, ...(input ? { input } : {}), completion, ...(extras(row).system ? { system: 'system' } : {}) },
    notes,
  }
}

/** Columns that go with turns: a system message, function signatures. */
function extras(row: Row | undefined): { system?: string; tools?: string } {
  const system = row && firstOf(row, names.system, (v) => typeof v === 'string')
  const tools = row && firstOf(row, names.tools, (v) => (typeof v === 'string' && v !== '') || Array.isArray(v))
  return { ...(system ? { system } : {}), ...(tools ? { tools } : {}) }
}
