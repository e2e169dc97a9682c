// Which format a dataset has and which column plays which role.
import type { ColumnRoles, DataOptions } from '../config/data-options'
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { recordOf } from '../config/exact-json'
import { ColumnFacts, answersTo, firstOf, has, isMetadata, isWords, names } from './column-names'
import type { Mapping, Optional, Row, RowFormat } from './row'
import { shortText } from './short-text'
import { isRole, roleOf } from './turns'
import { isTurn, isTurns, listOf } from './turn-list'

const besidePair: readonly Optional[] = ['input', 'system', 'history']
const besideSource: readonly Optional[] = ['system']
const besideTurns: readonly Optional[] = ['system', 'tools']

/** The mapping for a dataset: `options.columns` if given, otherwise what most of the first rows suggest, within the format if that is given. */
export function detectMapping(rows: readonly Row[], options: Pick<DataOptions, 'format' | 'columns'>): Mapping {
  const columns = options.columns
  if (columns && Object.values(columns).some(Boolean)) return byHand(rows, columns)
  const exact = mostVoted(rows, options.format)
  // A text that is only the last column left may be the question of a pair whose names are written otherwise.
  const isNamed = exact && (exact.format !== 'text' || names.text.some((name) => name === exact.columns.text))
  const best = isNamed ? exact : (inOtherCase(rows, options.format) ?? exact)
  if (!best) throw unknownColumns(rows, options.format)
  if (options.format === 'auto') refuseSingleTurns(rows, best)
  return best
}

/** The mapping by the names of columns without regard to case, if it takes columns by their names. */
function inOtherCase(rows: readonly Row[], format: DataOptions['format']): Mapping | undefined {
  const written = new Map<string, string>()
  for (const row of rows)
    for (const column of Object.keys(row)) if (!written.has(column.toLowerCase())) written.set(column.toLowerCase(), column)
  const isExact = [...written].every(([lower, column]) => lower === column)
  const lowered = isExact ? undefined : mostVoted(rows.map(inLowerCase), format)
  if (!lowered || lowered.format === 'tokens') return undefined
  if (lowered.format === 'text' && !names.text.some((name) => name === lowered.columns.text)) return undefined
  const columns = Object.entries(lowered.columns).map(([role, column]) => [role, written.get(column) ?? column])
  return { ...lowered, columns: Object.fromEntries(columns) as ColumnRoles }
}

const inLowerCase = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([column, value]) => [column.toLowerCase(), value]))

/** What most of the rows suggest. */
function mostVoted(rows: readonly Row[], format: DataOptions['format']): Mapping | undefined {
  const facts = new ColumnFacts(rows)
  const votes = new Map<string, { mapping: Mapping; count: number }>()
  for (const row of rows) {
    const mapping = mappingOf(row, format, facts)
    if (!mapping) continue
    const key = JSON.stringify([mapping.format, mapping.columns])
    const vote = votes.get(key) ?? { mapping, count: 0 }
    vote.count++
    votes.set(key, vote)
  }
  // If two mappings are equally frequent, the one with more columns is preferred.
  return [...votes.values()].sort(
    (a, b) => b.count - a.count || Object.keys(b.mapping.columns).length - Object.keys(a.mapping.columns).length,
  )[0]?.mapping
}

/** The mapping, extended by the optional columns that this row is the first to have. */
export function withOptional(mapping: Mapping, row: Row): Mapping {
  const used = Object.values(mapping.columns)
  const begin = mapping.optional.flatMap((role) => {
    const column = mapping.columns[role] === undefined ? firstOf(row, names[role], fits[role]) : undefined
    return column === undefined || used.includes(column) ? [] : [[role, column]]
  })
  return begin.length ? { ...mapping, columns: { ...mapping.columns, ...Object.fromEntries(begin) } } : mapping
}

const fits: Readonly<Record<Optional, (value: unknown) => boolean>> = {
  input: (value) => isWords(value) && value !== '',
  system: (value) => typeof value === 'string' && value !== '',
  tools: (value) => (typeof value === 'string' && value !== '') || Array.isArray(value),
  history: (value) => (listOf(value)?.length ?? 0) > 0,
}

function byHand(rows: readonly Row[], columns: NonNullable<DataOptions['columns']>): Mapping {
  const missing = Object.values(columns).filter((column) => column && !rows.some((row) => has(row, column)))
  if (missing.length)
    throw new FormatError(
      say`dataset: expected the column ${missing.join(', ')}, got first rows without it. Choose columns that the dataset has.`,
    )
  const { text, prompt, input, completion, messages, answer, system, tools, history } = columns
  // Nothing is optional here: a column that nobody chose is not used.
  const mapping = (format: RowFormat, columns: ColumnRoles): Mapping => ({ format, columns: set(columns), optional: [], notes: [] })
  if (messages) return mapping('messages', { messages, answer, system, tools })
  if (prompt && completion) return mapping(input ? 'instruction' : 'prompt-completion', { prompt, input, completion, system, history })
  if (text) return mapping('text', { text })
  throw new FormatError(
    say`dataset: expected a column for the text, a column for the turns, or columns for the prompt and the completion, got only part of this. Choose the missing column.`,
  )
}

/** The roles that have a column. */
const set = (columns: ColumnRoles): ColumnRoles => Object.fromEntries(Object.entries(columns).filter(([, column]) => column))

function unknownColumns(rows: readonly Row[], format: DataOptions['format']): FormatError {
  const seen = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, 20).map(shortText).join(', ')
  const wanted =
    format === 'auto'
      ? say`text, prompt and completion, instruction and output, messages, conversations or input_ids`
      : say`columns for the format ${format}`
  return new FormatError(
    seen
      ? say`dataset: expected ${wanted}, got columns ${seen}. Say which column is the prompt and which the completion.`
      : say`dataset: expected ${wanted}, got rows without columns. Choose another file.`,
  )
}

/** Refuses rows that are one turn each: nothing says where a conversation begins, and read as texts, the questions would be trained too. */
function refuseSingleTurns(rows: readonly Row[], { format, columns }: Mapping): void {
  if (format !== 'text' || !rows.every((row) => isRole(row.role))) return
  throw new FormatError(
    say`dataset: expected the turns of a conversation in one list, got one turn per row (columns role and ${columns.text}). Put each conversation into one row: {"messages": [turn, turn, …]}.`,
  )
}

function mappingOf(row: Row, format: DataOptions['format'], facts: ColumnFacts): Mapping | undefined {
  const wanted = (...formats: RowFormat[]): boolean => format === 'auto' || formats.includes(format)
  if (wanted('tokens') && Array.isArray(row.input_ids)) return { format: 'tokens', columns: {}, optional: [], notes: [] }
  if (wanted('messages', 'conversations')) {
    const turns = turnsMapping(row)
    if (turns) return turns
  }
  if (wanted('prompt-completion', 'instruction')) {
    const pair = pairMapping(row, facts, format !== 'auto')
    if (pair) return pair
  }
  const text = wanted('text') ? textColumn(row, facts) : undefined
  return text === undefined ? undefined : { format: 'text', columns: { text }, optional: [], notes: [] }
}

/** The column that is the text: by its name, or the only one whose text differs from row to row. */
function textColumn(row: Row, facts: ColumnFacts): string | undefined {
  const named = firstOf(row, names.text, (v) => typeof v === 'string')
  if (named) return named
  // If it is unclear which column is the conversation, a text column beside the candidates must not be trained instead.
  if (Object.values(row).some(isTurns)) return undefined
  // If the question was not found, the answer must not be trained as a text.
  if (has(row, 'source') && firstOf(row, names.completion, isWords)) return undefined
  const words = Object.keys(row).filter((column) => typeof row[column] === 'string' && !isMetadata(column))
  const varying = words.length > 1 ? words.filter((column) => !facts.isConstant(column)) : words
  // A question must not be trained either if its answers are not in a column of text.
  const alone = Object.keys(row).every((column) => column === varying[0] || isMetadata(column))
  const isQuestion = names.prompt.some((name) => name === varying[0])
  return varying.length === 1 && (alone || !isQuestion) ? varying[0] : undefined
}

const preference = say`These are preference pairs. TabTune trains on the chosen answers; the rejected ones are not used.`

function turnsMapping(row: Row): Mapping | undefined {
  const mapping = (columns: Mapping['columns'], notes: Phrase[], format: RowFormat = 'messages'): Mapping =>
    withOptional({ format, columns, optional: besideTurns, notes }, row)
  const messages = firstOf(row, names.messages, isTurns)
  if (messages) {
    const format = 'from' in (recordOf(listOf(row[messages])?.[0]) ?? {}) ? 'conversations' : 'messages'
    return isTurn(row.chosen) ? mapping({ messages, answer: 'chosen' }, [preference], format) : mapping({ messages }, [], format)
  }
  // Prompt and completion, or the chosen of a preference pair, as lists of turns.
  if (isTurns(row.prompt) && isTurns(row.completion)) return mapping({ messages: 'prompt', answer: 'completion' }, [])
  if (isTurns(row.prompt) && isTurns(row.chosen)) return mapping({ messages: 'prompt', answer: 'chosen' }, [preference])
  const lone = (['completion', 'chosen'] as const).find((column) => isTurns(row[column]) && !hasQuestion(row[column]))
  const question = lone && firstOf(row, names.prompt, (v) => typeof v === 'string' && v !== '')
  if (question) return mapping({ messages: question, answer: lone }, lone === 'chosen' ? [preference] : [])
  if (isTurns(row.chosen)) return mapping({ messages: 'chosen' }, [preference])
  const answer = isTurns(row.prompt) ? firstOf(row, names.completion, isWords) : undefined
  if (answer) return mapping({ messages: 'prompt', answer }, answer === 'chosen' ? [preference] : [])
  // A column with any other name, if there is only one. A history before a question is not the whole conversation.
  const asks = firstOf(row, names.prompt, isWords) && firstOf(row, names.completion, isWords)
  const before: readonly string[] = asks ? names.history : []
  const others = Object.keys(row).filter((column) => isTurns(row[column]) && !before.includes(column))
  return others.length === 1 ? mapping({ messages: others[0] }, []) : undefined
}

/** Whether the first turn is not the assistant's, so that there is something to answer. */
function hasQuestion(turns: unknown): boolean {
  const [first] = listOf(turns) ?? []
  const { role, from } = recordOf(first) ?? {}
  return roleOf(role ?? from) !== 'assistant'
}

function pairMapping(row: Row, facts: ColumnFacts, named: boolean): Mapping | undefined {
  const prompt = questionColumn(row, facts, named)
  const completion = prompt && firstOf(row, answersTo(prompt), isWords)
  if (!completion) return undefined
  const input = inputColumn(row, prompt)
  const notes = completion === 'chosen' && has(row, 'rejected') ? [preference] : []
  if (!asks(facts, prompt, input)) notes.push(say`All of the first rows have the same question (column ${prompt}).`)
  const optional = prompt === 'source' ? besideSource : besidePair
  const format = prompt === 'instruction' || input ? 'instruction' : 'prompt-completion'
  return withOptional({ format, columns: { prompt, ...(input ? { input } : {}), completion }, optional, notes }, row)
}

/** The column with more of the prompt. A column beside the source of a translation is not part of the prompt. */
const inputColumn = (row: Row, prompt: string): string | undefined =>
  names.input.find((name) => name !== prompt && prompt !== 'source' && has(row, name) && (isWords(row[name]) || row[name] === null))

/** Whether the question or the input beside it differs from row to row. */
const asks = (facts: ColumnFacts, prompt: string, input: string | undefined): boolean =>
  !facts.isConstant(prompt) || (input !== undefined && !facts.isConstant(input))

/**
 * The column with the question: it has a known name, and it or the input beside it differs from row to row.
 * @throws FormatError if the column with such a name has the same value in every row and another column may be the question
 */
function questionColumn(row: Row, facts: ColumnFacts, named: boolean): string | undefined {
  if (!firstOf(row, names.completion, isWords)) return undefined
  const candidates = names.prompt.filter((name) => has(row, name) && isWords(row[name]) && !(name === 'source' && facts.isLabel(name)))
  const asking = candidates.filter((name) => asks(facts, name, inputColumn(row, name)))
  const best = asking.find((name) => !facts.isLabel(name) || inputColumn(row, name)) ?? asking[0]
  if (best || !candidates.length) return best
  const known: readonly string[] = [...names.prompt, ...names.completion, ...names.system, ...names.tools, ...names.history, 'rejected']
  const rivals = facts.varying().filter((column) => !known.includes(column) && !facts.isLabel(column))
  if (rivals.length && !named)
    throw new FormatError(
      say`dataset: expected a question that differs from row to row, got the column ${candidates[0]}, which has the same value in all of the first rows, beside ${rivals.slice(0, 5).map(shortText).join(', ')}. Say which column is the prompt and which the completion.`,
    )
  return candidates[0]
}
