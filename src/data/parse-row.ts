// Turns the bytes of one row into its value, or gives the reason why it has none.
import { messageOf } from '../config/errors'
import { type JsonOddities, parseJson, recordOf } from '../config/exact-json'
import { type Phrase, asWritten, say } from '../config/phrase'
import type { Cut } from './cut-rows'
import { kind } from './row-values'
import { isTurns } from './turn-list'

/** A row of a file, or the reason why this line cannot be read as one. */
export interface ReadRow {
  /** Line in the file, from 1; for an element of an array, the line where it begins. */
  line: number
  value?: Record<string, unknown>
  oddities?: JsonOddities
  problem?: Phrase
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** The row of these bytes; a list of turns is a row with the column `messages`. */
export function parseRow({ line, bytes, problem }: Cut): ReadRow {
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
    parsed = parseJson(text, oddities)
  } catch (error) {
    const words = messageOf(error)
    return { line, problem: error instanceof SyntaxError ? say`not JSON (${words})` : asWritten(words) }
  }
  const value = isTurns(parsed) && Array.isArray(parsed) ? { messages: parsed } : recordOf(parsed)
  if (!value) return { line, problem: say`expected a JSON object, got ${kind(parsed)}` }
  return { line, value, ...(oddities.repeatedKeys.length || oddities.loneSurrogate ? { oddities } : {}) }
}
