// Zips made byte by byte, so that any number in them can be wrong.
import { deflateRawSync } from 'node:zlib'
import { crc32 } from '../config/crc32'

export interface MadeEntry {
  path: string
  bytes: Uint8Array
  deflated?: boolean
  /** Numbers that replace the right ones in both headers. */
  flags?: number
  method?: number
  crc?: number
  sizeBytes?: number
  madeBy?: number
  attributes?: number
  /** Bytes of an extra field in the local header. */
  extra?: number
  /** The name in the local header. */
  localPath?: string
  /** Shares the bytes of the previous entry and has no local header of its own. */
  shared?: boolean
  /** Moves the declared place of its local header by this many bytes. */
  shift?: number
}

const numbers = (...parts: [width: 2 | 4, value: number][]): Buffer => {
  const out = Buffer.alloc(parts.reduce((sum, [width]) => sum + width, 0))
  let at = 0
  for (const [width, value] of parts) at = width === 2 ? out.writeUInt16LE(value, at) : out.writeUInt32LE(value, at)
  return out
}

/** A zip with `made` (APPNOTE 4.3); with flag 8 the numbers of an entry follow its content. */
export function madeZip(made: readonly MadeEntry[], comment = ''): Uint8Array<ArrayBuffer> {
  const files: Buffer[] = []
  const list: Buffer[] = []
  let [end, offset] = [0, 0]
  for (const entry of made) {
    const { path, bytes, flags = 0, extra = 0, madeBy = 0x0314, attributes = 0o100644 * 2 ** 16 } = entry
    const packed = entry.deflated ? deflateRawSync(bytes) : Buffer.from(bytes)
    const { method = entry.deflated ? 8 : 0, crc = crc32(bytes), sizeBytes = bytes.length } = entry
    const [name, localName] = [Buffer.from(path), Buffer.from(entry.localPath ?? path)]
    const kind = numbers([2, 20], [2, flags], [2, method], [4, 0x21])
    const sizes = numbers([4, crc], [4, packed.length], [4, sizeBytes])
    const late = (flags & 8) !== 0
    const local = [
      numbers([4, 0x04034b50]),
      kind,
      late ? Buffer.alloc(12) : sizes,
      numbers([2, localName.length], [2, extra]),
      localName,
      Buffer.alloc(extra),
      packed,
      ...(late ? [numbers([4, 0x08074b50]), sizes] : []),
    ]
    if (!entry.shared) {
      offset = end
      files.push(...local)
      end += Buffer.concat(local).length
    }
    const place = numbers([2, name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, attributes], [4, offset + (entry.shift ?? 0)])
    list.push(numbers([4, 0x02014b50], [2, madeBy]), kind, sizes, place, name)
  }
  const listBytes = Buffer.concat(list).length
  const count = made.length
  const last = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, listBytes], [4, end], [2, comment.length])
  return new Uint8Array(Buffer.concat([...files, ...list, last, Buffer.from(comment)]))
}
