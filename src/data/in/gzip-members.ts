// Gzip files of several members, one after another (RFC 1952, section 2.2), as bgzip, pigz and `cat a.gz b.gz` make them. The unpacker of
// browsers refuses them. fflate unpacks them, but does not compare the checksums.
import { Gunzip } from 'fflate'
import { crc32 } from '../../config/crc32'
import { joinedBytes } from '../../config/joined-bytes'

/** CRC-32 and size of the content, at the end of each member. */
const trailerBytes = 8
/** Packed bytes that are kept to find a trailer behind which the next header begins. */
const keptBytes = 2 ** 17

/** What is in the members. @throws Error if a member is damaged or cut off */
export async function* inflatedMembers(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let out: Uint8Array<ArrayBuffer>[] = []
  let [crc, size, read] = [0, 0, 0]
  /** The last bytes before `read`. */
  let last = new Uint8Array(0)

  /** Compares the member that ends before `end` with what it said. */
  function check(end: number): void {
    const from = end - trailerBytes - (read - last.length)
    if (from < 0) throw new Error('gzip: a header that is too long')
    const view = new DataView(last.buffer, last.byteOffset + from, trailerBytes)
    if (view.getUint32(0, true) !== crc || view.getUint32(4, true) !== size % 2 ** 32) throw new Error('gzip: a checksum that differs')
    ;[crc, size] = [0, 0]
  }

  const gunzip = new Gunzip((chunk) => {
    crc = crc32(chunk, crc)
    size += chunk.length
    if (chunk.length > 0) out.push(Uint8Array.from(chunk))
  })
  gunzip.onmember = check
  for await (const piece of pieces) {
    last = joinedBytes([last.subarray(-keptBytes), piece])
    read += piece.length
    gunzip.push(piece)
    yield* out
    out = []
  }
  gunzip.push(new Uint8Array(0), true)
  yield* out
  check(read)
}
