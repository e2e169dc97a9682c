// JSONL and JSON arrays, read as a stream: one row at a time, whatever the size of the file.
import { FormatError } from '../config/errors'
import { type JsonOddities, parseJson, recordOf } from '../config/exact-json'
import { kind } from './row-values'
import { ArrayCutter, type Cut, LineCutter, isSpace } from './cut-rows'

export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** A row of a file, or why there is none at this place. */
export interface ReadRow {
  /** Line in the file, from 1 (of an array's element: the line where it begins). */
  line: number
  value?: Record<string, unknown>
  oddities?: JsonOddities
  problem?: string
}

/**
 * The rows of a JSONL file or of a JSON array, in order. Empty lines are not rows; every other line or element gives a
 * value or a problem. `onBytes` hears how many bytes have been read. Throws FormatError for files that are not text in UTF-8 at all.
 */
export async function* readRows(stream: ByteStream, onBytes?: (bytes: number) => void): AsyncGenerator<ReadRow> {
  let cutter: LineCutter | ArrayCutter | undefined
  let head = new Uint8Array(0)
  let bytes = 0
  for await (const chunk of chunksOf(stream)) {
    bytes += chunk.length
    onBytes?.(bytes)
    if (cutter) {
      for (const cut of cutter.push(chunk)) yield parse(cut)
      continue
    }
    head = joined([head, chunk])
    const start = firstText(head)
    if (start === undefined) continue
    cutter = head[start] === 0x5b ? new ArrayCutter() : new LineCutter()
    for (const cut of cutter.push(hasMark(head) ? head.subarray(3) : head)) yield parse(cut)
  }
  if (cutter) for (const cut of cutter.end()) yield parse(cut)
}

/** Index of the first byte that is not space, once there is one; refuses what cannot be UTF-8 text. */
function firstText(head: Uint8Array): number | undefined {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw new FormatError('dataset: expected text in UTF-8, got UTF-16. Save the file as UTF-8 and try again.')
  if (head.subarray(0, 1024).includes(0))
    throw new FormatError('dataset: expected JSONL or a JSON array, got a binary file. Convert it to JSONL and try again.')
  let at = hasMark(head) ? 3 : 0
  while (at < head.length && isSpace(head[at])) at++
  return at < head.length && (head.length >= 3 || head[0] !== 0xef) ? at : undefined
}

const hasMark = (head: Uint8Array): boolean => head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf

const decoder = new TextDecoder('utf-8', { fatal: true })

function parse({ line, bytes, problem }: Cut): ReadRow {
  if (problem) return { line, problem }
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return { line, problem: 'not valid UTF-8' }
  }
  const oddities: JsonOddities = { repeatedKeys: [], loneSurrogate: false }
  let parsed: unknown
  try {
    parsed = parseJson(text, oddities)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return { line, problem: error instanceof SyntaxError ? `not JSON (${words})` : words }
  }
  const value = recordOf(parsed)
  if (!value) return { line, problem: `expected a JSON object, got ${kind(parsed)}` }
  return { line, value, ...(oddities.repeatedKeys.length || oddities.loneSurrogate ? { oddities } : {}) }
}

/** Not every browser can iterate a ReadableStream. */
async function* chunksOf(stream: ByteStream): AsyncGenerator<Uint8Array> {
  if (!('getReader' in stream)) return yield* stream
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    // Whoever stops reading early does not want the rest either.
    await reader.cancel().catch(() => {})
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
