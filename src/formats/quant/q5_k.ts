// Q5_K (GGUF type 13): 256 weights in 176 bytes, d and dmin f16, 12 bytes of scales and mins, 32 bytes of fifth bits
// (bit s of byte i: weight i of sub-block s), 128 bytes of nibbles; w = d·scale·q − dmin·min.
import { blockFormat, copyBytes, regroupNibbles } from './block-format'
import { readHalf } from './half'
import { kMin, kScale, packKScales } from './k-scales'
import { kBlock } from './k-search'

export const q5_k = blockFormat({
  id: 'q5_k',
  label: 'Q5_K',
  blockWeights: 256,
  blockBytes: 176,
  scales: [0, 2],
  streamBytes: [176],
  packBlock(bytes, at, [blocks], block) {
    const to = block * 176
    copyBytes(bytes, at, 4, blocks!, to)
    packKScales(bytes, at + 4, blocks!, to + 4)
    for (let i = 0; i < 32; i++) {
      const fifth = bytes[at + 16 + i]!
      for (let sub = 0; sub < 8; sub++) blocks![to + 16 + 4 * sub + (i >> 3)]! |= ((fifth >> sub) & 1) << (i & 7)
    }
    for (let pair = 0; pair < 4; pair++) regroupNibbles(bytes, at + 48 + 32 * pair, 32, blocks!, to + 48 + 32 * pair)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at)
    const dmin = readHalf(bytes, at + 2)
    for (let sub = 0; sub < 8; sub++) {
      const scale = d * kScale(bytes, at + 4, sub)
      const min = dmin * kMin(bytes, at + 4, sub)
      const from = at + 48 + 32 * (sub >> 1)
      const shift = 4 * (sub & 1)
      for (let i = 0; i < 32; i++) {
        const q = ((bytes[from + i]! >> shift) & 15) | (((bytes[at + 16 + i]! >> sub) & 1) << 4)
        out[to + 32 * sub + i] = scale * q - min
      }
    }
  },
  encodeBlock(values, from, bytes, at) {
    const codes = kBlock(values, from, bytes, at, { top: 31, first: -0.5, steps: 15 })
    bytes.fill(0, at + 16, at + 48)
    for (let i = 0; i < 256; i++) bytes[at + 16 + (i & 31)]! |= (codes[i]! >> 4) << (i >> 5)
    for (let i = 0; i < 128; i++) {
      const low = 64 * (i >> 5) + (i & 31)
      bytes[at + 48 + i] = (codes[low]! & 15) | ((codes[low + 32]! & 15) << 4)
    }
  },
})
