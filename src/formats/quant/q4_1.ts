// Q4_1 (GGUF type 3): 32 weights in 20 bytes, d and m f16 then 16 bytes of nibbles; w = d·q + m.
import { blockFormat, copyBytes, regroupNibbles } from './block-format'
import { readHalf } from './half'

export const q4_1 = blockFormat({
  id: 'q4_1',
  label: 'Q4_1',
  blockWeights: 32,
  blockBytes: 20,
  scales: [0, 2],
  streamBytes: [20],
  packBlock(bytes, at, [blocks], block) {
    copyBytes(bytes, at, 4, blocks!, block * 20)
    regroupNibbles(bytes, at + 4, 16, blocks!, block * 20 + 4)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at)
    const m = readHalf(bytes, at + 2)
    for (let i = 0; i < 16; i++) {
      const q = bytes[at + 4 + i]!
      out[to + i] = d * (q & 15) + m
      out[to + 16 + i] = d * (q >> 4) + m
    }
  },
})
