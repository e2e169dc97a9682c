// Inflates zlib streams (RFC 1950) up to a size that is known before, so that a small file cannot fill the memory.
import { Unzlib } from 'fflate'
import { cutOff, damaged } from './bytes'

/** Bytes inflated at once. They become 16 MiB at most. */
const pieceBytes = 2 ** 14

/** The first `size` bytes that the parts of a stream inflate to; `least` of them must be there. @throws FormatError */
export function inflated(parts: readonly Uint8Array[], size: number, least = size): Uint8Array {
  const out = new Uint8Array(size)
  let filled = 0
  const stream = new Unzlib((piece) => {
    const taken = piece.subarray(0, size - filled)
    out.set(taken, filled)
    filled += taken.length
  })
  try {
    for (const part of parts)
      for (let at = 0; at < part.length && filled < size; at += pieceBytes) stream.push(part.subarray(at, at + pieceBytes))
  } catch {
    throw damaged()
  }
  if (filled < least) throw cutOff()
  return out.subarray(0, filled)
}
