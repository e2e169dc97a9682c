// Q6_K (GGUF type 14): 256 weights in 210 bytes, 128 bytes of low nibbles, 64 bytes of high bit pairs, 16 signed scales,
// d f16; sub-blocks of 16, w = d·scale·(q − 32). Each half of 128 weights: weight 32t + l has its low nibble in byte
// 32·(t & 1) + l (high half of it for t ≥ 2) and its two high bits in byte l at 2t.
import { blockFormat, copyBytes, regroupNibbles } from './block-format'
import { readHalf } from './half'
import { sixBitBlock } from './k-search'

function highBits(bytes: Uint8Array, at: number, weight: number): number {
  const byte = bytes[at + 128 + 32 * (weight >> 7) + (weight & 31)]!
  return (byte >> (2 * ((weight >> 5) & 3))) & 3
}

export const q6_k = blockFormat({
  id: 'q6_k',
  label: 'Q6_K',
  blockWeights: 256,
  blockBytes: 210,
  scales: [208],
  streamBytes: [208, 2],
  packBlock(bytes, at, [codes, scales], block) {
    const to = block * 208
    regroupNibbles(bytes, at, 64, codes!, to)
    regroupNibbles(bytes, at + 64, 64, codes!, to + 64)
    for (let i = 0; i < 256; i += 4) {
      codes![to + 128 + i / 4] =
        highBits(bytes, at, i) | (highBits(bytes, at, i + 1) << 2) | (highBits(bytes, at, i + 2) << 4) | (highBits(bytes, at, i + 3) << 6)
    }
    copyBytes(bytes, at + 192, 16, codes!, to + 192)
    copyBytes(bytes, at + 208, 2, scales!, block * 2)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at + 208)
    for (let i = 0; i < 256; i++) {
      const low = (bytes[at + 64 * (i >> 7) + (i & 63)]! >> (4 * ((i >> 6) & 1))) & 15
      const scale = d * ((bytes[at + 192 + (i >> 4)]! << 24) >> 24)
      out[to + i] = scale * ((low | (highBits(bytes, at, i) << 4)) - 32)
    }
  },
  encodeBlock(values, from, bytes, at) {
    bytes.fill(0, at, at + 210)
    const block = sixBitBlock(values, from)
    if (!block) return
    const { d, scales, codes } = block
    for (let i = 0; i < 256; i++) {
      bytes[at + 64 * (i >> 7) + (i & 63)]! |= (codes[i]! & 15) << (4 * ((i >> 6) & 1))
      bytes[at + 128 + 32 * (i >> 7) + (i & 31)]! |= (codes[i]! >> 4) << (2 * ((i >> 5) & 3))
    }
    for (let sub = 0; sub < 16; sub++) bytes[at + 192 + sub] = scales[sub]!
    bytes[at + 208] = d & 255
    bytes[at + 209] = d >> 8
  },
})
