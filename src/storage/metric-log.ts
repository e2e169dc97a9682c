// A log of plain records that only grows. Each record is a line: its CRC-32, its number, and JSON. So a line that changed, and one that is
// missing, are found out, and the others stay readable. JSON has no NaN and no infinity, so they are written as their names.
import { type Phrase, say } from '../config/phrase'
import { crc32 } from '../config/crc32'
import { type Folder, withFile, withNewFile } from './folder'

interface LogRecord {
  /** Its number, from 0. */
  number: number
  value: unknown
  /** Where the next record begins. */
  end: number
}

interface Content {
  records: LogRecord[]
  problems: Phrase[]
  /** The number after that of the last record, be it readable or not. */
  next: number
}

export interface MetricLog {
  /** Adds records. When this resolves, they are kept. @throws FormatError if storage fails */
  append(values: readonly unknown[]): Promise<void>
  /** All records that are readable, in order, and what is wrong with the others. At least `least` records were kept, as the caller knows. */
  read(least?: number): Promise<{ values: unknown[]; problems: Phrase[] }>
  /** The number of the next record. */
  next(): Promise<number>
  /** Removes the records from number `next` on. */
  cut(next: number): Promise<void>
}

const newline = 10

const named = new Map([NaN, Infinity, -Infinity].map((number) => [String(number), number]))
const withNames = (_key: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value)
const withNumbers = (_key: string, value: unknown): unknown => (typeof value === 'string' ? (named.get(value) ?? value) : value)

/** The record in a line; undefined if the line is not as it was written. */
function recordOf(line: Uint8Array<ArrayBuffer>): Omit<LogRecord, 'end'> | undefined {
  const text = new TextDecoder().decode(line)
  const found = /^([0-9a-f]{8}) (\d+) /.exec(text)
  if (!found || crc32(line.subarray(9)) !== Number.parseInt(found[1], 16)) return undefined
  return { number: Number(found[2]), value: JSON.parse(text.slice(found[0].length), withNumbers) as unknown }
}

function lineOf(number: number, value: unknown): string {
  const rest = `${number} ${JSON.stringify(value, withNames)}`
  return `${crc32(new TextEncoder().encode(rest)).toString(16).padStart(8, '0')} ${rest}\n`
}

function contentOf(name: string, bytes: Uint8Array<ArrayBuffer>, least: number): Content {
  // What follows the last complete line is a record that was being written when the page or the power went.
  const sizeBytes = bytes.lastIndexOf(newline) + 1
  const content: Content = { records: [], problems: [], next: 0 }
  let expected = 0
  let unreadable = 0
  const missing = (to: number): void => {
    if (to > expected)
      content.problems.push(
        say`${name}: expected the records ${expected} to ${to - 1} as they were kept, got none that can be read. The others are complete.`,
      )
  }
  for (let at = 0; at < sizeBytes;) {
    const end = bytes.indexOf(newline, at) + 1
    const record = recordOf(bytes.subarray(at, end - 1))
    at = end
    if (!record || record.number < expected) {
      unreadable++
      continue
    }
    missing(record.number)
    expected = record.number + 1
    unreadable = 0
    content.records.push({ ...record, end })
  }
  missing(Math.max(expected + unreadable, least))
  return { ...content, next: expected + unreadable }
}

/** The log `name` in a folder. Only one writer may use it at a time. */
export function metricLog(folder: Folder, name: string): MetricLog {
  /** Where the next record goes, and its number; undefined until the file has been read. */
  let tail: { at: number; number: number } | undefined
  let writing: Promise<void> = Promise.resolve()

  async function content(least = 0): Promise<Content> {
    const bytes = await withFile(folder, name, async (file) => file.read(0, await file.size()))
    return contentOf(name, bytes ?? new Uint8Array(0), least)
  }

  async function findTail(): Promise<{ at: number; number: number }> {
    const { records, next } = await content()
    return (tail ??= { at: records.at(-1)?.end ?? 0, number: next })
  }

  async function append(values: readonly unknown[]): Promise<void> {
    const { at, number } = await (tail ?? findTail())
    const bytes = new TextEncoder().encode(values.map((value, i) => lineOf(number + i, value)).join(''))
    await withNewFile(folder, name, async (file) => {
      // Removes what a write that failed may have left.
      if ((await file.size()) > at) await file.truncate(at)
      await file.write(at, bytes)
      await file.flush()
    })
    tail = { at: at + bytes.byteLength, number: number + values.length }
  }

  async function cut(next: number): Promise<void> {
    const { records } = await content()
    const at = records.findLast((record) => record.number < next)?.end ?? 0
    await withNewFile(folder, name, async (file) => {
      await file.truncate(at)
      await file.flush()
    })
    tail = { at, number: next }
  }

  /** One after another. A failed one does not keep the next from trying. */
  function inOrder(work: () => Promise<void>): Promise<void> {
    const now = writing.then(work)
    writing = now.catch(() => undefined)
    return now
  }

  return {
    append: (values) => (values.length ? inOrder(() => append(values)) : Promise.resolve()),
    async read(least) {
      const { records, problems } = await content(least)
      return { values: records.map(({ value }) => value), problems }
    },
    next: async () => (tail ?? (await findTail())).number,
    cut: (next) => inOrder(() => cut(next)),
  }
}
