// IQ4_XS (GGUF type 23): 256 weights in 136 bytes, d f16, 16 bits with the two high bits of eight scales, 4 bytes with their low nibbles,
// 128 bytes of nibbles; sub-blocks of 32 (16 bytes, the low nibbles first), w = d·(scale − 32)·value[q].
import { blockFormat, copyBytes, regroupNibbles } from './block-format'
import { readHalf } from './half'
import { iq4Values } from './iq4-code'

export const iq4_xs = blockFormat({
  id: 'iq4_xs',
  label: 'IQ4_XS',
  code: 'quant/iq4_code',
  blockWeights: 256,
  blockBytes: 136,
  scales: [0],
  streamBytes: [136],
  packBlock(bytes, at, [blocks], block) {
    const to = block * 136
    copyBytes(bytes, at, 8, blocks!, to)
    for (let sub = 0; sub < 8; sub++) regroupNibbles(bytes, at + 8 + 16 * sub, 16, blocks!, to + 8 + 16 * sub)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at)
    const high = bytes[at + 2]! | (bytes[at + 3]! << 8)
    for (let sub = 0; sub < 8; sub++) {
      const low = (bytes[at + 4 + (sub >> 1)]! >> (4 * (sub & 1))) & 15
      const scale = d * ((low | (((high >> (2 * sub)) & 3) << 4)) - 32)
      for (let i = 0; i < 16; i++) {
        const q = bytes[at + 8 + 16 * sub + i]!
        out[to + 32 * sub + i] = scale * iq4Values[q & 15]!
        out[to + 32 * sub + 16 + i] = scale * iq4Values[q >> 4]!
      }
    }
  },
})
