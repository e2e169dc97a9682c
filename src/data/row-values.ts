// Values of a row's columns, and the error for a value of the wrong kind.
import { JsonNumber } from '../config/exact-json'
import { type Phrase, say, sentence } from '../config/phrase'
import type { Row } from './row'

/** Why a row cannot be used. The phrase is read after "line 12: ". */
export class RowProblem extends Error {
  readonly phrase: Phrase
  constructor(phrase: Phrase) {
    super(sentence(phrase))
    this.phrase = phrase
  }
}

/** The text of a column; a number keeps its digits as the file writes them. */
export function words(row: Row, column: string | undefined): string {
  const value = column === undefined ? undefined : row[column]
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || value instanceof JsonNumber) return String(value)
  throw new RowProblem(say`${column ?? say`column`}: expected text, got ${kind(value)}`)
}

export function optionalWords(row: Row, column: string): string {
  return row[column] === undefined || row[column] === null ? '' : words(row, column)
}

/** What a value is, in the words of an error. */
export function kind(value: unknown): Phrase {
  if (value === undefined) return say`nothing`
  if (value === null) return say`null`
  if (Array.isArray(value)) return say`a list`
  if (typeof value === 'number' || value instanceof JsonNumber) return say`a number`
  if (typeof value === 'string') return say`a string`
  return typeof value === 'boolean' ? say`a boolean` : say`an object`
}
