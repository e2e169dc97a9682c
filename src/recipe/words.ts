// What a row asks and what it answers, by the same rules as when it is trained.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { detectMapping, withOptional } from '../data/mapping'
import type { Mapping, Row } from '../data/row'
import { RowProblem } from '../data/row-values'
import { type Sample, sampleOf } from '../data/sample'
import { columnNames } from './columns'
import type { WorkRow } from './row'

export interface RowWords {
  /** Everything before the answer; empty for a plain text. */
  prompt: string
  /** The last answer, or the whole of a plain text. */
  answer: string
}

/** Number of rows that the columns are detected from, as when rows are read for training. */
const firstRows = 100

/** Number of rows that are read between two breaks. */
const breakRows = 100

/**
 * The words of each row; undefined for a row that cannot be read. If no column is understood, no row can be. `pause` is awaited now and
 * then, so that other work gets through.
 */
export async function wordsOf(rows: readonly WorkRow[], pause: () => Promise<void>): Promise<(RowWords | undefined)[]> {
  let mapping = mappingOf(rows)
  const found: (RowWords | undefined)[] = []
  for (const [i, { value }] of rows.entries()) {
    if (i % breakRows === 0) await pause()
    mapping &&= withOptional(mapping, value)
    found.push(mapping && wordsOfRow(value, mapping))
  }
  return found
}

function wordsOfRow(row: Row, mapping: Mapping): RowWords | undefined {
  try {
    return wordsIn(sampleOf(row, mapping, Infinity))
  } catch (error) {
    if (error instanceof RowProblem) return undefined
    throw error
  }
}

/** @throws FormatError if there are rows, and no column is understood */
export function checkUnderstood(step: string, rows: readonly WorkRow[]): void {
  if (!rows.length || mappingOf(rows)) return
  throw new FormatError(
    say`${step}: expected columns with a prompt and an answer, or with a text, got columns whose roles are not known (${columnNames(rows)}). Add the step “Name columns” before this one.`,
  )
}

/** How the rows are read; undefined if no column is understood. */
export function mappingOf(rows: readonly WorkRow[]): Mapping | undefined {
  if (!rows.length) return undefined
  try {
    return detectMapping(
      rows.slice(0, firstRows).map(({ value }) => value),
      { format: 'auto' },
    )
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}

function wordsIn(sample: Sample): RowWords | undefined {
  switch (sample.kind) {
    case 'text':
      return { prompt: '', answer: sample.text }
    case 'pair':
      return { prompt: sample.prompt, answer: sample.completion }
    case 'chat': {
      const last = sample.messages.findLastIndex(({ role }) => role === 'assistant')
      const before = sample.messages.slice(0, last < 0 ? sample.messages.length : last)
      return { prompt: before.map(contentOf).join('\n'), answer: last < 0 ? '' : contentOf(sample.messages[last]) }
    }
    case 'tokens':
      return undefined
  }
}

const contentOf = ({ content }: { content?: unknown }): string => (typeof content === 'string' ? content : '')

/** The setting of steps that look at the prompt, the answer or both. */
export const partOfRowField = {
  key: 'of',
  type: 'choice',
  label: 'Look at',
  help: 'Which words of a row count.',
  default: 'row',
  options: [
    { value: 'row', label: 'Prompt and answer' },
    { value: 'prompt', label: 'Prompt' },
    { value: 'answer', label: 'Answer' },
  ],
} as const

export function partOfRow({ prompt, answer }: RowWords, part: 'row' | 'prompt' | 'answer'): string {
  if (part === 'prompt') return prompt
  return part === 'answer' || prompt === '' ? answer : `${prompt}\n${answer}`
}
