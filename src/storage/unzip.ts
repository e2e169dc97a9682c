// Files out of a zip, without reading it whole: what is stored in it as it is comes as a slice of it, so that a model's zip
// takes no memory (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16).
import { inflateSync } from 'fflate'
import { FormatError } from '../config/errors'

const [endMark, entryMark, localMark] = [0x06054b50, 0x02014b50, 0x04034b50]
const [endBytes, entryBytes, localBytes] = [22, 46, 30]
/** A comment of this length may follow the end record. */
const mostComment = 0xffff
const [stored, deflated] = [0, 8]
/** Inflated sizes beyond this are refused: weights come stored or hardly compressed. */
const mostInflated = 2 ** 30

interface Entry {
  path: string
  method: number
  packedBytes: number
  sizeBytes: number
  offset: number
}

async function viewOf(blob: Blob, from: number, length: number): Promise<DataView<ArrayBuffer>> {
  return new DataView(await blob.slice(from, from + length).arrayBuffer())
}

/** Where the list of entries is, from the record at the zip's end. */
async function directoryOf(blob: Blob, broken: (what: string) => FormatError): Promise<{ view: DataView<ArrayBuffer>; count: number }> {
  const tail = await viewOf(blob, Math.max(0, blob.size - endBytes - mostComment), endBytes + mostComment)
  let at = tail.byteLength - endBytes
  while (at >= 0 && tail.getUint32(at, true) !== endMark) at--
  if (at < 0) throw broken('no list of files at its end')
  const [count, size, offset] = [tail.getUint16(at + 10, true), tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)]
  if (offset === 0xffffffff || count === 0xffff) throw broken('one of the kind beyond 4 GiB (zip64)')
  if (offset + size > blob.size) throw broken('a list of files beyond its end')
  return { view: await viewOf(blob, offset, size), count }
}

function entriesOf(view: DataView<ArrayBuffer>, count: number, broken: (what: string) => FormatError): Entry[] {
  const entries: Entry[] = []
  for (let at = 0; entries.length < count;) {
    if (at + entryBytes > view.byteLength || view.getUint32(at, true) !== entryMark) throw broken('a damaged list of files')
    const nameBytes = view.getUint16(at + 28, true)
    if (at + entryBytes + nameBytes > view.byteLength) throw broken('a damaged list of files')
    const path = new TextDecoder().decode(new Uint8Array(view.buffer, at + entryBytes, nameBytes))
    if (view.getUint16(at + 8, true) & 1) throw broken(`${path} under a password`)
    entries.push({
      path,
      method: view.getUint16(at + 10, true),
      packedBytes: view.getUint32(at + 20, true),
      sizeBytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    })
    at += entryBytes + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

async function contentOf(blob: Blob, entry: Entry, broken: (what: string) => FormatError): Promise<Blob> {
  const { path, method, packedBytes, sizeBytes, offset } = entry
  const local = await viewOf(blob, offset, localBytes)
  if (local.byteLength < localBytes || local.getUint32(0, true) !== localMark) throw broken(`nothing where ${path} should be`)
  const from = offset + localBytes + local.getUint16(26, true) + local.getUint16(28, true)
  if (from + packedBytes > blob.size) throw broken(`${path} cut off`)
  const packed = blob.slice(from, from + packedBytes)
  if (method === stored) return packed
  if (method !== deflated) throw broken(`${path} packed by method ${method}`)
  if (sizeBytes > mostInflated) throw broken(`${path} with more than 1 GiB in packed form`)
  try {
    const bytes = inflateSync(new Uint8Array(await packed.arrayBuffer()), { out: new Uint8Array(sizeBytes) })
    return new Blob([bytes])
  } catch {
    throw broken(`${path} damaged`)
  }
}

/** The files in a zip, folders left out. @throws FormatError where it cannot be read */
export async function unzipBlob(name: string, blob: Blob): Promise<{ path: string; content: Blob }[]> {
  const broken = (what: string): FormatError =>
    new FormatError(`${name}: expected a zip of plain files, got ${what}. Unpack it, and drop the folder; or download it again.`)
  const { view, count } = await directoryOf(blob, broken)
  const entries = entriesOf(view, count, broken).filter((entry) => !entry.path.endsWith('/'))
  return Promise.all(entries.map(async (entry) => ({ path: entry.path, content: await contentOf(blob, entry, broken) })))
}
