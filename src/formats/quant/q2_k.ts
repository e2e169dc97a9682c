// Q2_K (GGUF type 10): 256 weights in 84 bytes, 16 bytes with a scale (low nibble) and a min (high nibble) per sub-block of 16, 64 bytes
// of bit pairs, d and dmin f16; w = d·scale·q − dmin·min. Weight 128h + 32j + l is in byte 32h + l at bit 2j.
import { blockFormat, copyBytes, packPairs } from './block-format'
import { readHalf } from './half'

export const q2_k = blockFormat({
  id: 'q2_k',
  label: 'Q2_K',
  blockWeights: 256,
  blockBytes: 84,
  scales: [80, 82],
  streamBytes: [84],
  packBlock(bytes, at, [blocks], block) {
    const to = block * 84
    copyBytes(bytes, at + 80, 4, blocks!, to)
    copyBytes(bytes, at, 16, blocks!, to + 4)
    packPairs(bytes, at + 16, blocks!, to + 20)
  },
  decodeBlock(bytes, at, out, to) {
    const d = readHalf(bytes, at + 80)
    const dmin = readHalf(bytes, at + 82)
    for (let i = 0; i < 256; i++) {
      const scales = bytes[at + (i >> 4)]!
      const q = (bytes[at + 16 + 32 * (i >> 7) + (i & 31)]! >> (2 * ((i >> 5) & 3))) & 3
      out[to + i] = d * (scales & 15) * q - dmin * (scales >> 4)
    }
  },
})
