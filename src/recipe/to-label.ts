// Rows as a person labels them.
import type { LabelQuery } from '../config/recipe'
import { stringifyJson } from '../config/exact-json'
import { isUnanswered } from './labels'
import type { WorkRow } from './row'
import { rowKey } from './row-key'
import { wordsOf } from './words'

export interface RowToLabel {
  /** What its label is kept under. */
  key: string
  /** Its columns but that of the answer. */
  columns: readonly { name: string; text: string }[]
  /** The answer that it has; empty = none. */
  answer: string
  /** What a model is asked. */
  prompt: string
}

/** Rows that the columns are understood from. */
const firstRows = 100

const textOf = (value: unknown): string => (typeof value === 'string' ? value : stringifyJson(value))

/** The first `count` rows to label after the first `from`, and the number of all. */
export async function rowsToLabel(
  rows: readonly WorkRow[],
  { column, all }: LabelQuery,
  from: number,
  count: number,
): Promise<{ total: number; rows: RowToLabel[] }> {
  const wanted = all ? rows : rows.filter((row) => isUnanswered(row, column))
  const chosen = wanted.slice(from, from + count)
  const first = rows.slice(0, firstRows)
  const words = (await wordsOf([...first, ...chosen], () => Promise.resolve())).slice(first.length)
  const found = chosen.map(async (row, i): Promise<RowToLabel> => {
    const { [column]: answer, ...others } = row.value
    return {
      key: await rowKey(row, column),
      columns: Object.entries(others).map(([name, value]) => ({ name, text: textOf(value) })),
      answer: isUnanswered(row, column) ? '' : textOf(answer),
      prompt: words[i]?.prompt || words[i]?.answer || '',
    }
  })
  return { total: wanted.length, rows: await Promise.all(found) }
}
