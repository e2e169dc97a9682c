// Q5_0 (GGUF type 6): 32 weights in 22 bytes, d f16, 32 fifth bits, 16 bytes of nibbles; w = d·(q − 16).
import { blockFormat, copyBytes, farthest, inverseOf, regroupNibbles, setFiveBits } from './block-format'
import { readHalf, setHalf } from './half'

export const q5_0 = blockFormat({
  id: 'q5_0',
  label: 'Q5_0',
  blockWeights: 32,
  blockBytes: 22,
  scales: [0],
  streamBytes: [20, 2],
  packBlock(bytes, at, [codes, scales], block) {
    copyBytes(bytes, at + 2, 4, codes!, block * 20)
    regroupNibbles(bytes, at + 6, 16, codes!, block * 20 + 4)
    copyBytes(bytes, at, 2, scales!, block * 2)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at)
    for (let i = 0; i < 16; i++) {
      const q = bytes[at + 6 + i]!
      const low = (bytes[at + 2 + (i >> 3)]! >> (i & 7)) & 1
      const high = (bytes[at + 4 + (i >> 3)]! >> (i & 7)) & 1
      out[to + i] = d * (((q & 15) | (low << 4)) - 16)
      out[to + 16 + i] = d * (((q >> 4) | (high << 4)) - 16)
    }
  },
  // quantize_row_q5_0_ref in ggml-quants.c, rounded to float32 after each operation.
  encodeBlock(values, from, bytes, at) {
    const d = farthest(values, from) / -16
    const inverse = inverseOf(d)
    setHalf(bytes, at, d)
    setFiveBits(bytes, at + 2, (i) => Math.min(31, Math.trunc(Math.fround(Math.fround(values[from + i]! * inverse) + 16.5))))
  },
})
