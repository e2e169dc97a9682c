// Q3_K (GGUF type 11): 256 weights in 110 bytes, 32 bytes of third bits, 64 bytes of bit pairs, 12 bytes with 16 scales of six bits, d f16;
// sub-blocks of 16, w = d·(scale − 32)·(q − 4). Weight 128h + 32j + l has its bit pair in byte 32h + l at bit 2j, and its third
// bit in byte l at bit 4h + j. Scale k has its low nibble in byte k mod 8 (high half of it for k ≥ 8) and its two high bits in
// byte 8 + k mod 4 at bit 2·⌊k / 4⌋.
import { blockFormat, copyBytes, packPairs } from './block-format'
import { readHalf } from './half'

function scaleOf(bytes: Uint8Array, at: number, k: number): number {
  const low = k < 8 ? bytes[at + k]! & 15 : bytes[at + k - 8]! >> 4
  return low | (((bytes[at + 8 + (k & 3)]! >> (2 * (k >> 2))) & 3) << 4)
}

export const q3_k = blockFormat({
  id: 'q3_k',
  label: 'Q3_K',
  blockWeights: 256,
  blockBytes: 110,
  scales: [108],
  streamBytes: [108, 2],
  packBlock(bytes, at, [codes, scales], block) {
    const to = block * 108
    packPairs(bytes, at + 32, codes!, to)
    for (let l = 0; l < 32; l++) {
      const third = bytes[at + l]!
      for (let group = 0; group < 8; group++) codes![to + 64 + 4 * group + (l >> 3)]! |= ((third >> group) & 1) << (l & 7)
    }
    for (let k = 0; k < 16; k++) {
      const field = scaleOf(bytes, at + 96, k) << ((6 * k) & 7)
      const byte = to + 96 + ((6 * k) >> 3)
      codes![byte]! |= field & 255
      if (field > 255) codes![byte + 1]! |= field >> 8
    }
    copyBytes(bytes, at + 108, 2, scales!, block * 2)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at + 108)
    for (let i = 0; i < 256; i++) {
      const pair = (bytes[at + 32 + 32 * (i >> 7) + (i & 31)]! >> (2 * ((i >> 5) & 3))) & 3
      const third = (bytes[at + (i & 31)]! >> (i >> 5)) & 1
      out[to + i] = d * (scaleOf(bytes, at + 96, i >> 4) - 32) * (pair + 4 * third - 4)
    }
  },
})
