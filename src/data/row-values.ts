// Values of a row's columns, and the error where they are not what was expected.
import { JsonNumber } from '../config/exact-json'
import type { Row } from './row'

/** Why a row cannot be used; the words stand behind "line 12: ". */
export class RowProblem extends Error {}

/** The text of a column; numbers keep the digits and the form of the file. */
export function words(row: Row, column: string | undefined): string {
  const value = column === undefined ? undefined : row[column]
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || value instanceof JsonNumber) return String(value)
  throw new RowProblem(`${column ?? 'column'}: expected text, got ${kind(value)}`)
}

export function optionalWords(row: Row, column: string): string {
  return row[column] === undefined || row[column] === null ? '' : words(row, column)
}

/** What a value is, in the words of an error. */
export function kind(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof JsonNumber) return 'a number'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
