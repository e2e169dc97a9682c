// MXFP4 (OCP Microscaling Formats 1.0; GGUF type 39): 32 weights in 17 bytes, the exponent e of the scale 2^(e − 127), then 16 bytes of
// nibbles, each a float of 4 bits (E2M1).
import { blockFormat, copyBytes, regroupNibbles } from './block-format'
import { e2m1Values } from './e2m1-code'

const decodeBlock = (bytes: Uint8Array, at: number, out: Float32Array, to: number): void => {
  const scale = bytes[at] === 255 ? NaN : 2 ** (bytes[at]! - 127)
  for (let i = 0; i < 16; i++) {
    const q = bytes[at + 1 + i]!
    out[to + i] = scale * e2m1Values[q & 15]!
    out[to + 16 + i] = scale * e2m1Values[q >> 4]!
  }
}

/** Scales from 2^126 on, and the exponent of NaN, can make weights that are not finite. */
const largest = 252
const block = new Float32Array(32)

export const mxfp4 = blockFormat({
  id: 'mxfp4',
  label: 'MXFP4',
  code: 'quant/e2m1_code',
  blockWeights: 32,
  blockBytes: 17,
  odd(bytes, at) {
    if (bytes[at]! <= largest) return undefined
    decodeBlock(bytes, at, block, 0)
    return block.find((value) => !Number.isFinite(value))
  },
  streamBytes: [16, 1],
  packBlock(bytes, at, [codes, exponents], block) {
    regroupNibbles(bytes, at + 1, 16, codes!, block * 16)
    copyBytes(bytes, at, 1, exponents!, block)
  },
  decodeBlock,
})
