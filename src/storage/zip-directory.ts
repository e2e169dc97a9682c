// Reads the list of files of a zip and checks it before anything is unpacked: the record at the end, the list of files before it, and
// the header before each file (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16).
import { bytesText } from '../config/bytes'
import { type Phrase, say } from '../config/phrase'
import { checkedPath, refuseDuplicates, shownPath } from './zip-paths'
import type { ZipSource } from './zip-source'

const [endMark, entryMark, localMark, zip64Mark] = [0x06054b50, 0x02014b50, 0x04034b50, 0x07064b50]
const [endBytes, entryBytes, localBytes, zip64Bytes] = [22, 46, 30, 20]
/** A comment of this length may follow the end record. */
const mostComment = 0xffff
/** Bounds of what is accepted. */
interface ZipLimits {
  /** Most entries in the list of files. */
  entries: number
  listBytes: number
  /** Largest sum of inflated sizes. Weights are stored, or hardly compressed. */
  inflatedBytes: number
}
/** Most files in a zip that is taken in, except one of pictures. */
export const mostZipEntries = 10_000
const usualLimits: ZipLimits = { entries: mostZipEntries, listBytes: 2 ** 24, inflatedBytes: 2 ** 31 }
/** Marks a number that is in a zip64 record instead. */
const elsewhere = 0xffffffff
const stored = 0
export const deflated = 8

/** One bit of DEFLATE can become 129 bytes at most. */
const mostExpansion = 1032
/** Files that inflate to more than `ratioFree` bytes in sum may not be compressed to less than a hundredth. */
const [mostRatio, ratioFree] = [100, 2 ** 26]

interface ZipEntry {
  /** Ends with a slash for a folder. */
  path: string
  method: number
  crc: number
  packedBytes: number
  sizeBytes: number
  /** The place of its local header. */
  offset: number
  name: Uint8Array
}

/** An entry with the place of its content. */
export type PlacedEntry = ZipEntry & { from: number }

/** The list of files, from the record at the end of the zip. */
async function listOf(source: ZipSource, limits: ZipLimits): Promise<{ view: DataView<ArrayBuffer>; count: number; offset: number }> {
  const { size: fileBytes } = source.blob
  const tailAt = Math.max(0, fileBytes - endBytes - mostComment - zip64Bytes)
  const tail = await source.read(tailAt, fileBytes - tailAt)
  const isEnd = (at: number): boolean =>
    tail.getUint32(at, true) === endMark && at + endBytes + tail.getUint16(at + 20, true) === tail.byteLength
  let at = tail.byteLength - endBytes
  while (at >= 0 && !isEnd(at)) at--
  if (at < 0) throw source.damaged(say`no list of files at its end`)
  const short = (place: number): number => tail.getUint16(at + place, true)
  const [count, size, offset] = [short(10), tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)]
  const isZip64 = at >= zip64Bytes && tail.getUint32(at - zip64Bytes, true) === zip64Mark
  if (isZip64 || count === 0xffff || size === elsewhere || offset === elsewhere)
    throw source.unsupported(say`one of the kind beyond 4 GiB (zip64)`)
  if (short(4) !== 0 || short(6) !== 0 || short(8) !== count) throw source.unsupported(say`one part of several`)
  if (offset + size !== tailAt + at) throw source.damaged(say`a list of files that is not where it should be`)
  if (count > limits.entries || size > limits.listBytes)
    throw source.suspect(say`${count} files (at most ${limits.entries}) in a list of ${bytesText(size)}`)
  return { view: await source.read(offset, size), count, offset }
}

/** What this entry is, if it is of a kind that is not supported. */
function unsupportedKind(view: DataView, at: number, path: string): Phrase | undefined {
  const [madeBy, flags, method] = [view.getUint16(at + 4, true) >> 8, view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
  if (flags & 0x2041) return say`${path} under a password`
  if (method !== stored && method !== deflated) return say`${path} packed by method ${method}`
  if ([20, 24, 42].some((place) => view.getUint32(at + place, true) === elsewhere)) return say`${path} of the kind beyond 4 GiB (zip64)`
  if (view.getUint16(at + 34, true) !== 0) return say`${path} in another part of it`
  // Systems 3 and 19 are Unix and macOS; the upper half is st_mode, whose type 0o12 is a symbolic link.
  if ((madeBy === 3 || madeBy === 19) && view.getUint32(at + 38, true) >>> 28 === 0o12) return say`${path} that is a link`
  return undefined
}

function entriesOf(source: ZipSource, view: DataView<ArrayBuffer>, count: number): ZipEntry[] {
  const entries: ZipEntry[] = []
  let at = 0
  while (entries.length < count) {
    if (at + entryBytes > view.byteLength || view.getUint32(at, true) !== entryMark) throw source.damaged(say`a damaged list of files`)
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((place) => view.getUint16(at + place, true))
    const next = at + entryBytes + nameBytes + extraBytes + commentBytes
    if (next > view.byteLength) throw source.damaged(say`a damaged list of files`)
    const name = new Uint8Array(view.buffer, at + entryBytes, nameBytes)
    const path = checkedPath(source, new TextDecoder().decode(name))
    const kind = unsupportedKind(view, at, shownPath(path))
    if (kind) throw source.unsupported(kind)
    const [crc, packedBytes, sizeBytes] = [16, 20, 24].map((place) => view.getUint32(at + place, true))
    entries.push({ path, method: view.getUint16(at + 10, true), crc, packedBytes, sizeBytes, offset: view.getUint32(at + 42, true), name })
    at = next
  }
  if (at !== view.byteLength) throw source.damaged(say`a damaged list of files`)
  return entries
}

/** Refuses sizes that are impossible or too large for a page. */
function refuseSizes(source: ZipSource, entries: readonly ZipEntry[], { inflatedBytes }: ZipLimits): void {
  let [packed, inflated] = [0, 0]
  for (const { path, method, packedBytes, sizeBytes } of entries) {
    if (method === stored && packedBytes !== sizeBytes) throw source.damaged(say`${shownPath(path)} with two sizes`)
    if (method === stored) continue
    if (sizeBytes > packedBytes * mostExpansion)
      throw source.suspect(say`${shownPath(path)} that would be ${bytesText(sizeBytes)}, out of ${packedBytes} bytes`)
    packed += packedBytes
    inflated += sizeBytes
  }
  if (inflated > inflatedBytes) throw source.suspect(say`${bytesText(inflated)} in packed files (at most ${bytesText(inflatedBytes)})`)
  if (inflated > ratioFree && inflated > packed * mostRatio)
    throw source.suspect(say`${bytesText(inflated)} packed into ${bytesText(packed)} (at most ${mostRatio} to 1)`)
}

/** The place of an entry's content, from its local header, which must agree with the list. */
async function placed(source: ZipSource, entry: ZipEntry): Promise<PlacedEntry> {
  const { path, offset, name, method, crc, packedBytes, sizeBytes } = entry
  const local = await source.read(offset, localBytes + name.length)
  const wrong = (): Error => source.damaged(say`a header of ${shownPath(path)} that differs from the list`)
  if (local.byteLength < localBytes + name.length || local.getUint32(0, true) !== localMark)
    throw source.damaged(say`nothing where ${shownPath(path)} should be`)
  const [flags, ownMethod, nameBytes, extraBytes] = [6, 8, 26, 28].map((place) => local.getUint16(place, true))
  const ownName = new Uint8Array(local.buffer, localBytes, name.length)
  if (flags & 0x2041 || ownMethod !== method || nameBytes !== name.length || name.some((byte, i) => byte !== ownName[i])) throw wrong()
  // With flag 3, the numbers follow the content. Programs that leave room for 64 bits write them after the name.
  if (!(flags & 8)) {
    if (local.getUint32(14, true) !== crc) throw wrong()
    const same = (place: number, value: number): boolean => [value, elsewhere].includes(local.getUint32(place, true))
    if (!same(18, packedBytes) || !same(22, sizeBytes)) throw wrong()
  }
  return { ...entry, from: offset + localBytes + nameBytes + extraBytes }
}

/** Checks that every entry has its own bytes, before the list. */
function refuseOverlaps(source: ZipSource, entries: readonly PlacedEntry[], end: number): void {
  const inOrder = entries.toSorted((a, b) => a.offset - b.offset)
  inOrder.forEach(({ path, from, packedBytes }, i) => {
    const after = inOrder.at(i + 1)
    if (from + packedBytes <= (after?.offset ?? end)) return
    if (!after) throw source.damaged(say`${shownPath(path)} cut off`)
    throw source.suspect(say`${shownPath(path)} and ${shownPath(after.path)} over the same bytes`)
  })
}

/** All entries of a zip, checked against each other and against the file. @throws FormatError if they contradict each other or are too large */
export async function readDirectory(source: ZipSource, limits = usualLimits): Promise<PlacedEntry[]> {
  const { view, count, offset } = await listOf(source, limits)
  const entries = entriesOf(source, view, count)
  refuseDuplicates(
    source,
    entries.map((entry) => entry.path),
  )
  if (new Set(entries.map((entry) => entry.offset)).size < entries.length) throw source.suspect(say`several files over the same bytes`)
  refuseSizes(source, entries, limits)
  const all: PlacedEntry[] = []
  for (const entry of entries) all.push(await placed(source, entry))
  refuseOverlaps(source, all, offset)
  return all
}
