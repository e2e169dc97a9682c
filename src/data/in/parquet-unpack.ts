// Unpacks the pages of a Parquet file.
import type { CompressionCodec } from 'hyparquet'
import { gunzipSync } from 'fflate'
import { compressors } from 'hyparquet-compressors'
import { unpackZstd } from './zstd'

type Unpack = (packed: Uint8Array, size: number) => Uint8Array

const unpackers: Partial<Record<CompressionCodec, Unpack>> = {
  ...compressors,
  UNCOMPRESSED: (packed) => packed.slice(),
  // The one of hyparquet-compressors begins again at the start of a file that has no header, without end.
  GZIP: (packed, size) => gunzipSync(packed, { out: new Uint8Array(size) }),
  ZSTD: unpackZstd,
  LZ4: unpackLz4,
}

/** Blocks of LZ4, each behind its two sizes, as Hadoop writes them; otherwise one block. */
function unpackLz4(packed: Uint8Array, size: number): Uint8Array {
  const raw = compressors.LZ4_RAW
  if (!raw) throw new RangeError('pages packed with LZ4')
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length)
  const out = new Uint8Array(size)
  let [at, done] = [0, 0]
  while (at + 8 <= packed.length) {
    const [unpacked, length] = [view.getUint32(at), view.getUint32(at + 4)]
    if (unpacked > size - done || length > packed.length - at - 8) break
    out.set(raw(packed.subarray(at + 8, at + 8 + length), unpacked), done)
    at += 8 + length
    done += unpacked
  }
  return at === packed.length && done === size ? out : raw(packed, size)
}

/** @throws RangeError, and errors of the unpackers, if the bytes do not become `size` bytes */
export function unpacked(packed: Uint8Array, size: number, codec: CompressionCodec): Uint8Array {
  if (size === 0) return new Uint8Array(0)
  const unpack = unpackers[codec]
  if (!unpack) throw new RangeError(`pages packed with ${codec}`)
  const bytes = unpack(packed, size)
  if (bytes.length !== size) throw new RangeError(`a page of ${bytes.length} bytes in place of ${size}`)
  return bytes
}
