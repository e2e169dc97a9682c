// Q5_1 (GGUF type 7): 32 weights in 24 bytes, d and m f16, 32 fifth bits, 16 bytes of nibbles; w = d·q + m.
import { blockFormat, copyBytes, inverseOf, regroupNibbles, setFiveBits } from './block-format'
import { readHalf, setHalf } from './half'

export const q5_1 = blockFormat({
  id: 'q5_1',
  label: 'Q5_1',
  blockWeights: 32,
  blockBytes: 24,
  scales: [0, 2],
  streamBytes: [24],
  packBlock(bytes, at, [blocks], block) {
    copyBytes(bytes, at, 8, blocks!, block * 24)
    regroupNibbles(bytes, at + 8, 16, blocks!, block * 24 + 8)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at)
    const m = readHalf(bytes, at + 2)
    for (let i = 0; i < 16; i++) {
      const q = bytes[at + 8 + i]!
      const low = (bytes[at + 4 + (i >> 3)]! >> (i & 7)) & 1
      const high = (bytes[at + 6 + (i >> 3)]! >> (i & 7)) & 1
      out[to + i] = d * ((q & 15) | (low << 4)) + m
      out[to + 16 + i] = d * ((q >> 4) | (high << 4)) + m
    }
  },
  // quantize_row_q5_1_ref in ggml-quants.c, rounded to float32 after each operation.
  encodeBlock(values, from, bytes, at) {
    let [low, high] = [values[from]!, values[from]!]
    for (let i = 1; i < 32; i++) {
      low = Math.min(low, values[from + i]!)
      high = Math.max(high, values[from + i]!)
    }
    const d = Math.fround(Math.fround(high - low) / 31)
    const inverse = inverseOf(d)
    setHalf(bytes, at, d)
    setHalf(bytes, at + 2, low)
    const code = (x: number) => Math.min(31, Math.trunc(Math.fround(Math.fround(Math.fround(x - low) * inverse) + 0.5)))
    setFiveBits(bytes, at + 4, (i) => code(values[from + i]!))
  },
})
