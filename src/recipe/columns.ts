// Columns that a person names in the settings of a step.
import { stringifyJson } from '../config/exact-json'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { shortText } from '../data/short-text'
import type { WorkRow } from './row'

/** @throws FormatError if there are rows, and none has the column */
export function checkColumn(step: string, rows: readonly WorkRow[], column: string): void {
  if (!rows.length || rows.some(({ value }) => Object.hasOwn(value, column))) return
  throw new FormatError(
    say`${step}: expected a column of the rows (${columnNames(rows)}), got ${column ? shortText(column) : say`no name`}. Choose a column.`,
  )
}

/** The names of the first columns, for a sentence. */
export function columnNames(rows: readonly WorkRow[]): string {
  const columns = [...new Set(rows.slice(0, 100).flatMap(({ value }) => Object.keys(value)))]
  return columns.slice(0, 20).map(shortText).join(', ')
}

/** The value of a column as text that is the same for the same values; undefined if the row lacks it. */
export const columnKey = ({ value }: WorkRow, column: string): string | undefined =>
  Object.hasOwn(value, column) ? stringifyJson(value[column]) : undefined
