// A file of rows: as a stream, and again in pieces, because only tokens of its rows are kept.
import { FormatError, TabTuneError, messageOf } from '../config/errors'
import { say } from '../config/phrase'

export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

export interface DataSource {
  name: string
  /** Absent = not known. */
  sizeBytes?: number
  stream(): ByteStream
  /** The bytes [at, at + sizeBytes), fewer if the file ends before. */
  read(at: number, sizeBytes: number): Promise<Uint8Array>
}

export const fileSource = (file: File): DataSource => ({
  name: file.name,
  sizeBytes: file.size,
  stream: () => file.stream(),
  read: async (at, sizeBytes) => new Uint8Array(await file.slice(at, at + sizeBytes).arrayBuffer()),
})

/** The bytes of a source from its beginning. @throws FormatError if the file cannot be read any more */
export async function* bytesOf(source: DataSource): AsyncGenerator<Uint8Array> {
  try {
    yield* chunksOf(source.stream())
  } catch (error) {
    throw unreadable(source, error)
  }
}

/** Not every browser can iterate a ReadableStream. */
export async function* chunksOf(stream: ByteStream): AsyncGenerator<Uint8Array> {
  if (!('getReader' in stream)) return yield* stream
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    // A caller that stops reading early does not need the rest of the stream.
    await reader.cancel().catch(() => {})
  }
}

/** Where a row is in its file, and a hash of its bytes. */
export interface RowPlace {
  at: number
  sizeBytes: number
  hash: number
}

/** The bytes of a row that was read before. @throws FormatError if the file has changed since or cannot be read any more */
export async function bytesAgain(source: DataSource, { at, sizeBytes, hash }: RowPlace, line: number): Promise<Uint8Array> {
  const bytes = await source.read(at, sizeBytes).catch((error: unknown) => {
    throw unreadable(source, error)
  })
  if (bytes.length === sizeBytes && hashOf(bytes) === hash) return bytes
  throw new FormatError(
    say`${source.name}, line ${line}: expected the row that was read before, got other bytes. The file has changed since it was read. Choose it again.`,
  )
}

/** FNV-1a; `hash` = that of the bytes before. */
export function hashOf(bytes: Uint8Array, hash = 0x811c9dc5 | 0): number {
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
  return hash
}

/** Browsers say NotReadableError for a file that was changed after it was picked, and NotFoundError for one that is gone; Node has codes. */
function unreadable({ name }: DataSource, error: unknown): unknown {
  if (error instanceof TabTuneError) return error
  const { code, name: kind } = (error ?? {}) as { code?: unknown; name?: string }
  const reason = typeof code === 'string' ? code : (kind ?? messageOf(error))
  return new FormatError(
    say`${name}: expected a file that can be read, got ${reason}. The file was changed or moved, or is in use. Choose it again.`,
  )
}
