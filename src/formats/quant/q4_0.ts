// Q4_0 (GGUF type 2): 32 weights in 18 bytes, d f16 then 16 bytes of nibbles; w = d·(q − 8).
import { blockFormat, copyBytes, regroupNibbles } from './block-format'
import { readHalf } from './half'

export const q4_0 = blockFormat({
  id: 'q4_0',
  label: 'Q4_0',
  blockWeights: 32,
  blockBytes: 18,
  scales: [0],
  streamBytes: [16, 2],
  packBlock(bytes, at, [codes, scales], block) {
    regroupNibbles(bytes, at + 2, 16, codes!, block * 16)
    copyBytes(bytes, at, 2, scales!, block * 2)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at)
    for (let i = 0; i < 16; i++) {
      const q = bytes[at + 2 + i]!
      out[to + i] = d * ((q & 15) - 8)
      out[to + 16 + i] = d * ((q >> 4) - 8)
    }
  },
})
