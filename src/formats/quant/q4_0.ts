// Q4_0 (GGUF type 2): 32 weights in 18 bytes, d f16 then 16 bytes of nibbles; w = d·(q − 8).
import { blockFormat, copyBytes, farthest, inverseOf, regroupNibbles } from './block-format'
import { readHalf, setHalf } from './half'

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
  // quantize_row_q4_0_ref in ggml-quants.c, rounded to float32 after each operation.
  encodeBlock(values, from, bytes, at) {
    const d = farthest(values, from) / -8
    const inverse = inverseOf(d)
    setHalf(bytes, at, d)
    const code = (x: number) => Math.min(15, Math.trunc(Math.fround(Math.fround(x * inverse) + 8.5)))
    for (let i = 0; i < 16; i++) bytes[at + 2 + i] = code(values[from + i]!) | (code(values[from + 16 + i]!) << 4)
  },
})
