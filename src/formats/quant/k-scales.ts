// The 12 bytes of Q4_K and Q5_K with eight 6-bit scales and eight 6-bit mins (ggml-quants.c, get_scale_min_k4).

/** Scale of sub-block k, 0 … 63; the 12 bytes begin at `at`. */
export function kScale(bytes: Uint8Array, at: number, k: number): number {
  return k < 4 ? bytes[at + k]! & 63 : (bytes[at + k + 4]! & 15) | ((bytes[at + k - 4]! >> 6) << 4)
}

/** Min of sub-block k, 0 … 63. */
export function kMin(bytes: Uint8Array, at: number, k: number): number {
  return k < 4 ? bytes[at + k + 4]! & 63 : (bytes[at + k + 4]! >> 4) | ((bytes[at + k]! >> 6) << 4)
}

/** The same bytes in the order of readers: 12 bits per sub-block, one after the other, with the scale low and the min high. */
export function packKScales(bytes: Uint8Array, at: number, to: Uint8Array, toAt: number): void {
  for (let pair = 0; pair < 4; pair++) {
    const even = kScale(bytes, at, 2 * pair) | (kMin(bytes, at, 2 * pair) << 6)
    const odd = kScale(bytes, at, 2 * pair + 1) | (kMin(bytes, at, 2 * pair + 1) << 6)
    to[toAt + 3 * pair] = even & 255
    to[toAt + 3 * pair + 1] = (even >> 8) | ((odd & 15) << 4)
    to[toAt + 3 * pair + 2] = odd >> 4
  }
}

/** Writes eight scales and eight mins, each 0 … 63, as `kScale` and `kMin` read them. */
export function setKScales(bytes: Uint8Array, at: number, scales: ArrayLike<number>, mins: ArrayLike<number>): void {
  for (let k = 0; k < 4; k++) {
    const [scale, min] = [scales[k + 4]!, mins[k + 4]!]
    bytes[at + k] = scales[k]! | ((scale >> 4) << 6)
    bytes[at + k + 4] = mins[k]! | ((min >> 4) << 6)
    bytes[at + k + 8] = (scale & 15) | ((min & 15) << 4)
  }
}
