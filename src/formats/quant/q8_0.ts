// Q8_0 (GGUF type 8): 32 weights in 34 bytes, d f16 then 32 signed bytes; w = d·q.
import { blockFormat, copyBytes, inverseOf } from './block-format'
import { readHalf, setHalf } from './half'

/** As C's roundf: halves away from zero. */
const roundAway = (x: number) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5)

export const q8_0 = blockFormat({
  id: 'q8_0',
  label: 'Q8_0',
  blockWeights: 32,
  blockBytes: 34,
  scales: [0],
  streamBytes: [32, 2],
  packBlock(bytes, at, [codes, scales], block) {
    copyBytes(bytes, at + 2, 32, codes!, block * 32)
    copyBytes(bytes, at, 2, scales!, block * 2)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at)
    for (let i = 0; i < 32; i++) out[to + i] = d * ((bytes[at + 2 + i]! << 24) >> 24)
  },
  // quantize_row_q8_0_ref in ggml-quants.c.
  encodeBlock(values, from, bytes, at) {
    let largest = 0
    for (let i = 0; i < 32; i++) largest = Math.max(largest, Math.abs(values[from + i]!))
    const d = Math.fround(largest / 127)
    const inverse = inverseOf(d)
    setHalf(bytes, at, d)
    for (let i = 0; i < 32; i++) bytes[at + 2 + i] = roundAway(Math.fround(values[from + i]! * inverse))
  },
})
