// JSONL and JSON arrays, read as a stream, one row at a time, so the file may have any size.
import { FormatError } from '../config/errors'
import { joinedBytes } from '../config/joined-bytes'
import { say } from '../config/phrase'
import { ArrayRows } from './array-rows'
import { isSpace } from './cut-rows'
import { LineRows } from './line-rows'
import { type ByteStream, chunksOf } from './data-source'
import type { ReadRow } from './parse-row'

/**
 * The rows of a JSONL file or of a JSON array, in order. Empty lines are skipped; every other line or element gives a value or a
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
    const mark = hasMark(head) ? 3 : 0
    rows = head[start] === 0x5b ? new ArrayRows(line, skipped + mark) : new LineRows(line, skipped + mark)
    yield* rows.push(head.subarray(mark))
  }
  if (rows) yield* rows.end()
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
