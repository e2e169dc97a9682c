// JSONL and JSON arrays, read as a stream, one row at a time, so the file may have any size.
import { FormatError } from '../config/errors'
import { joinedBytes } from '../config/joined-bytes'
import { say } from '../config/phrase'
import { ArrayRows } from './array-rows'
import { isSpace } from './cut-rows'
import { LineRows } from './line-rows'
import { type ByteStream, chunksOf } from './data-source'
import type { ReadRow } from './parse-row'
import { needsMore, rowsIn } from './rows-in-object'

/**
 * The rows of a JSONL file, of a JSON array, or of an object with an array as its only key `data`, in order. Empty lines are skipped; every other line or element gives a value or a
 * problem. A list of turns is one row, `{ messages }`. `onBytes` gets the number of bytes read so far.
 * @throws FormatError for files that are not text in UTF-8
 */
export async function* readRows(stream: ByteStream, onBytes?: (bytes: number) => void): AsyncGenerator<ReadRow> {
  let rows: ArrayRows | LineRows | undefined
  let head = new Uint8Array(0)
  let line = 1
  let bytes = 0
  /** Bytes before `head`. */
  let skipped = 0
  for await (const chunk of chunksOf(stream)) {
    bytes += chunk.length
    onBytes?.(bytes)
    if (rows) {
      yield* rows.push(chunk)
      continue
    }
    head = joinedBytes([head, chunk])
    const start = firstText(head)
    if (start === undefined) {
      // Skips white space at the beginning, but counts its lines. The first two bytes may be part of a byte order mark.
      if (head.length < 3) continue
      for (const byte of head) if (byte === 10) line++
      skipped += head.length
      head = new Uint8Array(0)
      continue
    }
    if (needsMore(head, start, false)) continue
    const begun = begin(head, start, line, skipped)
    rows = begun.rows
    yield* rows.push(begun.bytes)
  }
  const start = rows || !head.length ? undefined : firstText(head)
  if (start !== undefined) {
    // The whole file is one line that needed more.
    const begun = begin(head, start, line, skipped)
    rows = begun.rows
    yield* rows.push(begun.bytes)
  }
  if (rows) yield* rows.end()
}

/** The rows that begin in `head`, and its bytes for them. `line` and `skipped` are those of its first byte, `start` is its first text. */
function begin(head: Uint8Array, start: number, line: number, skipped: number): { rows: ArrayRows | LineRows; bytes: Uint8Array } {
  const inside = rowsIn(head, start)
  if (inside !== undefined) {
    const before = head.subarray(0, inside).filter((byte) => byte === 10).length
    return { rows: new ArrayRows(line + before, skipped + inside, true), bytes: head.subarray(inside) }
  }
  const mark = hasMark(head) ? 3 : 0
  const Rows = head[start] === 0x5b ? ArrayRows : LineRows
  return { rows: new Rows(line, skipped + mark), bytes: head.subarray(mark) }
}

/** Index of the first byte that is not white space, if there is one yet. Refuses bytes that cannot be UTF-8 text. */
function firstText(head: Uint8Array): number | undefined {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw new FormatError(say`dataset: expected text in UTF-8, got UTF-16. Save the file as UTF-8 and try again.`)
  if (head.subarray(0, 1024).includes(0))
    throw new FormatError(say`dataset: expected JSONL or a JSON array, got a binary file. Convert it to JSONL and try again.`)
  let at = hasMark(head) ? 3 : 0
  while (at < head.length && isSpace(head[at])) at++
  return at < head.length && (head.length >= 3 || head[0] !== 0xef) ? at : undefined
}

const hasMark = (head: Uint8Array): boolean => head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
