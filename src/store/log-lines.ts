// Logs of runs with a JSON object on each line. A program that is stopped while it writes leaves the last line incomplete.
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { shortText } from '../data/short-text'

export interface LogLines<T> {
  rows: T[]
  /** What a person should know: the last line is incomplete and was left out. */
  notice?: Phrase
}

/** JSON has no NaN, so it was written as null. */
export const jsonOf = (text: string): unknown => JSON.parse(text, (_key, value: unknown) => (value === null ? NaN : value))

const tried = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

/**
 * The lines of `path`. `parse`: its JSON. `take` throws if the line says something else.
 * @throws FormatError naming the first line that cannot be read. The last one may lack its end
 */
export function logLines<T>(path: string, text: string, take: (row: unknown) => T, parse = jsonOf): LogLines<T> {
  const lines = text.split('\n')
  const rows: T[] = []
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue
    const json = tried(() => ({ value: parse(line) }))
    // Every whole line ends with a line break.
    if (!json && i === lines.length - 1) return { rows, notice: say`The last line of ${path} is incomplete and was left out.` }
    const row = json && tried(() => ({ value: take(json.value) }))
    if (!row) throw new FormatError(say`${path}, line ${i + 1}: expected a step or an evaluation as JSON, got ${shortText(line)}.`)
    rows.push(row.value)
  }
  return { rows }
}
