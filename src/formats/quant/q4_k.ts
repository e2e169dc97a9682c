// Q4_K (GGUF type 12): 256 weights in 144 bytes, d and dmin f16, 12 bytes of scales and mins, 128 bytes of nibbles;
// eight sub-blocks of 32, w = d·scale·q − dmin·min.
import { blockFormat, copyBytes, regroupNibbles } from './block-format'
import { readHalf } from './half'
import { kMin, kScale, packKScales } from './k-scales'
import { kBlock } from './k-search'

export const q4_k = blockFormat({
  id: 'q4_k',
  label: 'Q4_K',
  blockWeights: 256,
  blockBytes: 144,
  scales: [0, 2],
  streamBytes: [144],
  packBlock(bytes, at, [blocks], block) {
    const to = block * 144
    copyBytes(bytes, at, 4, blocks!, to)
    packKScales(bytes, at + 4, blocks!, to + 4)
    for (let pair = 0; pair < 4; pair++) regroupNibbles(bytes, at + 16 + 32 * pair, 32, blocks!, to + 16 + 32 * pair)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at)
    const dmin = readHalf(bytes, at + 2)
    for (let sub = 0; sub < 8; sub++) {
      const scale = d * kScale(bytes, at + 4, sub)
      const min = dmin * kMin(bytes, at + 4, sub)
      const from = at + 16 + 32 * (sub >> 1)
      const shift = 4 * (sub & 1)
      for (let i = 0; i < 32; i++) out[to + 32 * sub + i] = scale * ((bytes[from + i]! >> shift) & 15) - min
    }
  },
  encodeBlock(values, from, bytes, at) {
    const codes = kBlock(values, from, bytes, at, { top: 15, first: -1, steps: 20 })
    for (let i = 0; i < 128; i++) {
      const low = 64 * (i >> 5) + (i & 31)
      bytes[at + 16 + i] = codes[low]! | (codes[low + 32]! << 4)
    }
  },
})
