// Parquet's encodings of differences: whole numbers, lengths of texts, and texts that begin as the one before.
// hyparquet decodes the numbers, and believes the sizes of their blocks.
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'
import { ByteCursor } from './byte-cursor'
import type { Budget } from './parquet-budget'

const [mostBlock, mostWidth] = [2 ** 16, 64]

/** @throws RangeError if the blocks at the cursor are not such as the format has for `count` numbers */
function checkBlocks({ bytes, at }: ByteCursor, count: number): void {
  const cursor = new ByteCursor(bytes, at)
  const [block, parts] = [cursor.varint(), cursor.varint()]
  if (!(block > 0 && block <= mostBlock && parts > 0 && block % (32 * parts) === 0)) throw new RangeError(`blocks of ${block} numbers`)
  cursor.varint()
  cursor.varint()
  for (let seen = 1; seen < count;) {
    cursor.varint()
    const widths = cursor.at
    cursor.skip(parts)
    for (let i = 0; i < parts && seen < count; i++) {
      const width = bytes[widths + i]
      if (width > mostWidth) throw new RangeError(`numbers of ${width} bits (at most ${mostWidth})`)
      cursor.skip(Math.min(cursor.left, (block / parts / 8) * width))
      seen += block / parts
    }
  }
}

/** Fills `out` with whole numbers. */
export function readDeltas<T extends Int32Array | BigInt64Array>(cursor: ByteCursor, out: T): T {
  checkBlocks(cursor, out.length)
  const { bytes } = cursor
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: cursor.at }
  deltaBinaryUnpack(reader, out.length, out)
  cursor.at = reader.offset
  return out
}

/** Byte arrays behind their lengths. `hasPrefixes`: each begins with as many bytes of the one before as a number says. */
export function readDeltaBytes(cursor: ByteCursor, count: number, hasPrefixes: boolean, budget: Budget): Uint8Array[] {
  const prefixes = hasPrefixes ? readDeltas(cursor, new Int32Array(count)) : new Int32Array(count)
  const lengths = readDeltas(cursor, new Int32Array(count))
  let before: Uint8Array = new Uint8Array(0)
  return Array.from(lengths, (length, i) => {
    const { bytes, at } = cursor
    cursor.skip(length)
    const rest = bytes.subarray(at, at + length)
    const prefix = prefixes[i]
    if (!(prefix >= 0 && prefix <= before.length)) throw new RangeError(`a text that begins with ${prefix} bytes of a shorter one`)
    budget.spend(prefix)
    if (!prefix) return (before = rest)
    const whole = new Uint8Array(prefix + length)
    whole.set(before.subarray(0, prefix))
    whole.set(rest, prefix)
    return (before = whole)
  })
}
