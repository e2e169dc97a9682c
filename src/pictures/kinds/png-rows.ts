// The filters of PNG's rows (third edition, section 9): each byte is stored as its difference from bytes before it.
import { damaged } from '../bytes'

/** The one of left, above and upper left that is nearest to left + above - upper left. */
function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)]
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner
}

/** Undoes the filter `kind` of a row in place; `above` is the row before it, zeros for the first one. */
function unfilter(kind: number, row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  switch (kind) {
    case 0:
      return
    case 1:
      for (let i = pixelBytes; i < row.length; i++) row[i] += row[i - pixelBytes]
      return
    case 2:
      for (let i = 0; i < row.length; i++) row[i] += above[i]
      return
    case 3:
      for (let i = 0; i < row.length; i++) row[i] += ((i < pixelBytes ? 0 : row[i - pixelBytes]) + above[i]) >> 1
      return
    case 4:
      for (let i = 0; i < row.length; i++) row[i] += i < pixelBytes ? above[i] : paeth(row[i - pixelBytes], above[i], above[i - pixelBytes])
      return
    default:
      throw damaged()
  }
}

/** The rows of a pass. `data`, in which they are made, has the number of a filter and `bytes` bytes for each. */
export function* unfiltered(data: Uint8Array, bytes: number, pixelBytes: number): Generator<Uint8Array> {
  let above: Uint8Array = new Uint8Array(bytes)
  for (let at = 0; at < data.length; at += bytes + 1) {
    const row = data.subarray(at + 1, at + 1 + bytes)
    unfilter(data[at], row, above, pixelBytes)
    yield row
    above = row
  }
}
