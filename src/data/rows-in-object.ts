// A JSON file that is one object with the rows in its only key: {"data": [row, row, …]}.
import { maxRowBytes } from './cut-rows'
import { isTurns } from './turn-list'

const opening = '{"data":[{'
/** Bytes in which the opening must be, with white space. */
const openingBytes = 200

const textFrom = (head: Uint8Array, start: number, to?: number): string => new TextDecoder().decode(head.subarray(start, to))

/** Whether more bytes are needed to say if `rowsIn` finds rows. `start`: the first byte that is not white space. `ended`: there are no more. */
export function needsMore(head: Uint8Array, start: number, ended: boolean): boolean {
  if (ended || head[start] !== 0x7b || head.length - start > maxRowBytes) return false
  const text = textFrom(head, start, start + openingBytes).replace(/\s/g, '')
  if (!text.startsWith(opening)) return opening.startsWith(text)
  return head.indexOf(10, head.indexOf(0x5b, start)) < 0
}

/** Where the list of rows begins; undefined for JSONL, also if its rows have a key "data". */
export function rowsIn(head: Uint8Array, start: number): number | undefined {
  if (!/^\{\s*"data"\s*:\s*\[\s*\{/.test(textFrom(head, start, start + openingBytes))) return undefined
  const bracket = head.indexOf(0x5b, start)
  const end = head.indexOf(10, start)
  try {
    const value = JSON.parse(textFrom(head, start, end < 0 ? undefined : end)) as Record<string, unknown>
    const isRows = Object.keys(value).length === 1 && !isTurns(value.data)
    return isRows ? bracket : undefined
  } catch {
    // The object has several lines, so it is no row of JSONL.
    return bracket
  }
}
