// The first rows of a file under a mapping, so that a person can choose columns and see the result.
import type { ColumnRoles, DataOptions, MappedRow, MappedRows } from '../config/data-options'
import { FormatError } from '../config/errors'
import { stringifyJson } from '../config/exact-json'
import type { Phrase } from '../config/phrase'
import { ColumnFacts, firstOf, has, isWords, names } from './column-names'
import { detectMapping } from './mapping'
import { readAny } from './in/read-any'
import type { Mapping, Row } from './row'
import { RowProblem } from './row-values'
import { type Sample, sampleOf } from './sample'
import type { DataSource } from './data-source'
import { isTurns } from './turn-list'

/** Number of rows that the format is detected from; number of rows that are shown; number of characters shown of a text. */
const lookedAt = 100
const shown = 3
const longest = 300
/** Most bytes of rows that are held, and bytes that are read to find rows; columns that can be chosen, and characters of their names. */
const mostHeld = 2 ** 24
const mostRead = 2 ** 26
const mostColumns = 1000
const longestName = 1000

interface FirstRow {
  line: number
  value: Row
}

type MappingOptions = Pick<DataOptions, 'format' | 'columns' | 'read'>

/** Reads only as much of the file as it needs. @throws FormatError for files that are not text */
export async function mapRows(source: DataSource, options: MappingOptions): Promise<MappedRows> {
  const rows = await firstRows(source, options.read)
  const values = rows.map((row) => row.value)
  const columns = [...new Set(values.flatMap(columnsOf))].slice(0, mostColumns)
  const asked = tryMapping(values, options)
  if (isMapping(asked))
    return { columns, roles: options.columns ?? asked.columns, rows: rows.slice(0, shown).map((row) => mapped(row, asked)) }
  const roles = options.columns ?? guessRoles(values)
  const guess = options.columns ? asked : tryMapping(values, { format: 'auto', columns: roles })
  return { columns, roles, problem: asked, rows: rows.slice(0, shown).map((row) => mapped(row, guess)) }
}

async function firstRows(source: DataSource, how: DataOptions['read']): Promise<FirstRow[]> {
  const rows: FirstRow[] = []
  const bytes = { read: 0, held: 0 }
  for await (const { line, value, place } of readAny(source, how, { onBytes: (read) => (bytes.read = read) })) {
    if (value) rows.push({ line, value })
    bytes.held += place?.sizeBytes ?? stringifyJson(value).length
    if (rows.length >= lookedAt || bytes.held > mostHeld || bytes.read > mostRead) break
  }
  return rows
}

const columnsOf = (row: Row): string[] =>
  Object.keys(row)
    .filter((name) => name.length <= longestName)
    .slice(0, mostColumns)

const isMapping = (found: Mapping | Phrase): found is Mapping => 'format' in found

/** The mapping, or the reason why the rows have none. */
function tryMapping(rows: readonly Row[], options: MappingOptions): Mapping | Phrase {
  try {
    return detectMapping(rows, options)
  } catch (error) {
    if (error instanceof FormatError) return error.phrase
    throw error
  }
}

/** Guesses the roles of columns with unknown names: turns if a column has them, otherwise a question and its answer, or a text. */
export function guessRoles(rows: readonly Row[]): ColumnRoles {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const named = (role: keyof typeof names, among: readonly string[]): string | undefined => names[role].find((name) => among.includes(name))
  const optional = (role: 'system' | 'tools'): ColumnRoles => {
    const column = named(role, columns)
    return column === undefined ? {} : { [role]: column }
  }
  const messages = columns.find((column) => rows.some((row) => isTurns(row[column])))
  if (messages !== undefined) return { messages, ...optional('system'), ...optional('tools') }
  const facts = new ColumnFacts(rows)
  const varying = facts.varying().filter((column) => !names.system.some((name) => name === column))
  const telling = varying.filter((column) => !facts.isLabel(column))
  const words = telling.length > 1 ? telling : varying
  if (words.length === 0) return firstWords(rows)
  if (words.length === 1) return { text: words[0] }
  const completion = named('completion', words) ?? words.filter((column) => column !== named('prompt', words)).at(-1)
  const prompt = named('prompt', words) ?? words.find((column) => column !== completion)
  return { prompt, completion, ...optional('system') }
}

function firstWords(rows: readonly Row[]): ColumnRoles {
  const row = rows[0] ?? {}
  const text = firstOf(row, Object.keys(row), isWords)
  return text === undefined ? {} : { text }
}

function mapped({ line, value }: FirstRow, mapping: Mapping | Phrase): MappedRow {
  const columns = columnsOf(value).map((name) => ({ name, text: short(has(value, name) ? textOf(value[name]) : '') }))
  if (!isMapping(mapping)) return { line, columns, parts: [] }
  try {
    return { line, columns, parts: partsOf(sampleOf(value, mapping, Infinity)) }
  } catch (error) {
    if (error instanceof RowProblem) return { line, columns, parts: [], problem: error.phrase }
    throw error
  }
}

function partsOf(sample: Sample): MappedRow['parts'] {
  switch (sample.kind) {
    case 'text':
      return [{ role: 'text', text: short(sample.text) }]
    case 'tokens':
      return [{ role: 'tokens', text: short(sample.ids.join(' ')) }]
    case 'pair': {
      const pair: MappedRow['parts'] = [
        { role: 'prompt', text: short(sample.prompt) },
        { role: 'completion', text: short(sample.completion) },
      ]
      return sample.system ? [{ role: 'system', text: short(sample.system) }, ...pair] : pair
    }
    case 'chat': {
      const tools: MappedRow['parts'] = sample.tools === undefined ? [] : [{ role: 'tools', text: short(textOf(sample.tools)) }]
      return [...tools, ...sample.messages.map((message) => turnPart(message))]
    }
  }
}

function turnPart({
  role,
  content,
  tool_calls: calls,
}: {
  role: string
  content: string
  tool_calls?: unknown
}): MappedRow['parts'][number] {
  const known = (['system', 'user', 'assistant', 'tool'] as const).find((name) => name === role) ?? 'user'
  return { role: known, text: short([content, calls === undefined ? '' : textOf(calls)].filter(Boolean).join('\n')) }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : stringifyJson(value))

function short(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
