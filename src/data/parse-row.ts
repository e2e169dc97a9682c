// Turns the bytes of one row into its value, or gives the reason why it has none.
import { messageOf } from '../config/errors'
import { type JsonOddities, parseJson, recordOf } from '../config/exact-json'
import { type Phrase, asWritten, say } from '../config/phrase'
import { batchRow } from './batch-request'
import type { Cut } from './cut-rows'
import { type DataSource, type RowPlace, bytesAgain, hashOf } from './data-source'
import { kind } from './row-values'
import { shortText } from './short-text'
import { isTurns } from './turn-list'

/** A row of a file, or the reason why this line cannot be read as one. */
export interface ReadRow {
  /** Line in the file, from 1; for an element of an array, the line where it begins. */
  line: number
  value?: Record<string, unknown>
  /** Where it is in the file, if it has a value. */
  place?: RowPlace
  oddities?: JsonOddities
  problem?: Phrase
}

/** Most keys of one object. Code for rows goes through all columns of a row, so a million of them would take long in many places. */
export const mostKeys = 10_000

const decoder = new TextDecoder('utf-8', { fatal: true })

/** The row of these bytes; a list of turns is a row with the column `messages`. */
export function parseRow({ line, at, bytes, problem }: Cut): ReadRow {
  if (problem) return { line, problem }
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return { line, problem: say`not valid UTF-8` }
  }
  const oddities: JsonOddities = { repeatedKeys: [], loneSurrogate: false }
  let parsed: unknown
  try {
    parsed = parseJson(text, oddities, mostKeys)
  } catch (error) {
    return { line, problem: error instanceof SyntaxError ? notJson(text, error) : asWritten(shortText(messageOf(error))) }
  }
  const found = isTurns(parsed) && Array.isArray(parsed) ? { messages: parsed } : recordOf(parsed)
  if (!found) return { line, problem: say`expected a JSON object, got ${kind(parsed)}` }
  const { value, problem: unanswered } = batchRow(found)
  if (unanswered) return { line, problem: unanswered }
  const place = { at, sizeBytes: bytes.length, hash: hashOf(bytes) }
  return { line, value, place, ...(oddities.repeatedKeys.length || oddities.loneSurrogate ? { oddities } : {}) }
}

function notJson(text: string, error: SyntaxError): Phrase {
  const words = shortText(error.message)
  // Old files end their lines with a carriage return alone, so all of them are one line.
  return /\r[^\n]/.test(text)
    ? say`not JSON (${words}). There are carriage returns without line feeds in it; save the file with line feeds between the rows`
    : say`not JSON (${words})`
}

/** A row that was read before, read again from its place. @throws FormatError if the file has changed since or cannot be read any more */
export async function rowAgain(source: DataSource, place: RowPlace, line: number): Promise<Record<string, unknown>> {
  return parseRow({ line, at: place.at, bytes: await bytesAgain(source, place, line) }).value ?? {}
}
