// The packing of GIF (89a, appendix F): LZW with codes that grow to 12 bits.

const mostCodes = 4096

/** `count` numbers of `codeBits` bits out of packed bytes; undefined if there are fewer, or the codes are damaged. */
export function unpackedLzw(packed: Uint8Array, codeBits: number, count: number): Uint8Array | undefined {
  const [clear, end] = [1 << codeBits, (1 << codeBits) + 1]
  /** A code stands for the text of `prefix` and one number more. */
  const prefix = new Uint16Array(mostCodes)
  const suffix = new Uint8Array(mostCodes)
  const length = new Uint16Array(mostCodes)
  for (let code = 0; code < clear; code++) {
    suffix[code] = code
    length[code] = 1
  }
  const out = new Uint8Array(count)
  let filled = 0
  let [next, bits, last] = [end + 1, codeBits + 1, -1]
  let [held, heldBits] = [0, 0]
  for (let at = 0; filled < count;) {
    while (heldBits < bits) {
      if (at >= packed.length) return undefined
      held |= packed[at++] << heldBits
      heldBits += 8
    }
    const code = held & ((1 << bits) - 1)
    held >>>= bits
    heldBits -= bits
    if (code === end) return undefined
    if (code === clear) {
      ;[next, bits, last] = [end + 1, codeBits + 1, -1]
      continue
    }
    if (code > next || (last < 0 && code >= clear) || (code === next && next >= mostCodes)) return undefined
    // The code that is made now may be used at once: the last text, and its first number again.
    const known = code < next ? code : last
    const size = code < next ? length[code] : length[last] + 1
    let place = filled + length[known] - 1
    let first = known
    for (let walk = known; ; walk = prefix[walk]) {
      if (place < count) out[place] = suffix[walk]
      first = walk
      if (length[walk] === 1) break
      place--
    }
    if (code === next && filled + size - 1 < count) out[filled + size - 1] = suffix[first]
    filled += size
    if (last >= 0 && next < mostCodes) {
      prefix[next] = last
      suffix[next] = suffix[first]
      length[next] = length[last] + 1
      next++
      if (next === 1 << bits && bits < 12) bits++
    }
    last = code
  }
  return out
}
