// IQ4_NL (GGUF type 20): 32 weights in 18 bytes, d f16 then 16 bytes of nibbles; w = d·value[q].
import { blockFormat, copyBytes, regroupNibbles } from './block-format'
import { readHalf } from './half'
import { iq4Values } from './iq4-code'

export const iq4_nl = blockFormat({
  id: 'iq4_nl',
  label: 'IQ4_NL',
  code: 'quant/iq4_code',
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
      out[to + i] = d * iq4Values[q & 15]!
      out[to + 16 + i] = d * iq4Values[q >> 4]!
    }
  },
})
