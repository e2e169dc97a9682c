// Reads the files of a zip without reading the whole zip into memory. A stored file is a slice of the zip; a compressed file is inflated
// in pieces. The checksum of each file is compared. On the page this runs in its own worker (unzip.worker.ts).
import { type ErrorReport, FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { crc32 } from '../config/crc32'
import { type PlacedEntry, deflated, readDirectory } from './zip-directory'
import { isTaken, shownPath } from './zip-paths'
import { ZipSource } from './zip-source'

export interface UnzippedFile {
  path: string
  content: Blob
}

/** Messages to and from unzip.worker.ts. */
export interface UnzipRequest {
  name: string
  blob: Blob
  /** Unpack every file, also those of unknown kinds. */
  all?: boolean
}
export type UnzipReply = { ok: true; files: UnzippedFile[] } | { ok: false; error: ErrorReport }

/** Bytes read at once. */
const readBytes = 2 ** 22
/** Bytes inflated at once. They become 16 MiB at most. */
const inflateBytes = 2 ** 14
/** Inflated bytes that are kept in memory before the browser may move them to disk. */
const heldBytes = 2 ** 24

async function* pieces(source: ZipSource, { from, packedBytes }: PlacedEntry): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < packedBytes; at += readBytes) {
    const view = await source.read(from + at, Math.min(readBytes, packedBytes - at))
    yield new Uint8Array(view.buffer)
  }
}

/** The inflated bytes of an entry. */
function inflating(source: ZipSource, entry: PlacedEntry): ReadableStream<Uint8Array<ArrayBuffer>> {
  async function* small(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for await (const piece of pieces(source, entry))
      for (let at = 0; at < piece.length; at += inflateBytes) yield piece.subarray(at, at + inflateBytes)
  }
  const packed = small()
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { value, done } = await packed.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  }).pipeThrough(new DecompressionStream('deflate-raw'))
}

async function inflated(source: ZipSource, entry: PlacedEntry): Promise<Blob> {
  const reader = inflating(source, entry).getReader()
  const blobs: Blob[] = []
  let held: Uint8Array<ArrayBuffer>[] = []
  let [heldSize, size, crc] = [0, 0, 0]
  for (;;) {
    const { value, done } = await reader.read().catch((error: unknown) => {
      throw error instanceof FormatError ? error : source.damaged(say`${shownPath(entry.path)} damaged`)
    })
    if (done) break
    size += value.length
    if (size > entry.sizeBytes) {
      await reader.cancel().catch(() => undefined)
      break
    }
    crc = crc32(value, crc)
    held.push(value)
    heldSize += value.length
    if (heldSize < heldBytes) continue
    blobs.push(new Blob(held))
    held = []
    heldSize = 0
  }
  if (size !== entry.sizeBytes)
    throw source.damaged(
      size > entry.sizeBytes
        ? say`${shownPath(entry.path)} with more than the ${entry.sizeBytes} bytes it declares`
        : say`${shownPath(entry.path)} with fewer than the ${entry.sizeBytes} bytes it declares`,
    )
  checkCrc(source, entry, crc)
  return new Blob([...blobs, ...held])
}

function checkCrc(source: ZipSource, { path, crc }: PlacedEntry, got: number): void {
  if (got !== crc) throw source.damaged(say`${shownPath(path)} damaged (its checksum differs)`)
}

async function contentOf(source: ZipSource, blob: Blob, entry: PlacedEntry): Promise<Blob> {
  if (entry.method === deflated) return inflated(source, entry)
  let crc = 0
  for await (const piece of pieces(source, entry)) crc = crc32(piece, crc)
  checkCrc(source, entry, crc)
  return blob.slice(entry.from, entry.from + entry.packedBytes)
}

/** The bytes of one file of a zip. @throws FormatError if they are damaged */
export async function entryBytes(source: ZipSource, entry: PlacedEntry): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.method === deflated) return new Uint8Array(await (await inflated(source, entry)).arrayBuffer())
  const bytes = new Uint8Array((await source.read(entry.from, entry.packedBytes)).buffer)
  checkCrc(source, entry, crc32(bytes))
  return bytes
}

/**
 * The files in a zip that belong to an adapter, a model or a dataset; others are unpacked only if `all` asks for them. The zip's list of files is
 * checked before anything is unpacked (zip-directory.ts). @throws FormatError if the zip cannot or should not be unpacked
 */
export async function unzipBlob(name: string, blob: Blob, all = false): Promise<UnzippedFile[]> {
  const source = new ZipSource(name, blob)
  const files = (await readDirectory(source)).filter(({ path }) => all || isTaken(path))
  const out: UnzippedFile[] = []
  for (const entry of files) out.push({ path: entry.path, content: await contentOf(source, blob, entry) })
  return out
}
