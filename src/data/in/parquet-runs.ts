// Parquet's hybrid of runs and packed bits, which holds levels, places in dictionaries and booleans.
// hyparquet believes the length of a run, and makes an array of that length.
import type { ByteCursor } from './byte-cursor'

const mostWidth = 32

/** `count` numbers of `width` bits. @throws RangeError if they are not there */
export function readRuns(cursor: ByteCursor, width: number, count: number): number[] {
  if (width > mostWidth) throw new RangeError(`numbers of ${width} bits (at most ${mostWidth})`)
  const out = new Array<number>(count).fill(0)
  for (let seen = 0; seen < count;) {
    const head = cursor.varint()
    const end = Math.min(count, seen + (head % 2 ? 8 * Math.floor(head / 2) : head / 2))
    if (head % 2) readPacked(cursor, width, out, seen, end)
    else out.fill(cursor.number(Math.ceil(width / 8)), seen, end)
    seen = end
  }
  return out
}

/** Values `from` … `to` of a packed run. Bytes for numbers behind them may be there too; some writers leave them away at the end. */
function readPacked(cursor: ByteCursor, width: number, out: number[], from: number, to: number): void {
  const { bytes, at } = cursor
  const limit = 2 ** width
  cursor.skip(Math.ceil(((to - from) * width) / 8))
  for (let i = from; i < to; i++) {
    const bit = (i - from) * width
    let place = at + Math.floor(bit / 8)
    let value = bytes[place] >>> (bit % 8)
    for (let have = 8 - (bit % 8); have < width; have += 8) value += bytes[++place] * 2 ** have
    out[i] = value % limit
  }
  const padding = Math.ceil((Math.ceil((to - from) / 8) * 8 * width) / 8) - (cursor.at - at)
  cursor.skip(Math.min(padding, cursor.left))
}
