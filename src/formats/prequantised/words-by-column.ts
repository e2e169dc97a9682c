// Matrices of GPTQ and AWQ: stored as [in, out], with the codes of neighbouring weights in words of 32 bits. Rows of ours are columns there,
// so every read goes through the whole tensor, a few MB at a time.
import type { StoredTensor } from '../safetensors'
import { bytesOf, floatsOf } from './stored'
import type { GroupedRows } from './grouped-matrix'

const pieceBytes = 8 << 20

interface WordMatrix {
  rows: number
  cols: number
  bits: number
  /** Words: [in / n, out] if `across` is in, [in, out / n] if it is out; n codes in a word. */
  codes: StoredTensor
  across: 'in' | 'out'
  /** [groups, out / n] words. */
  zeros: StoredTensor
  /** [groups, out] floats. */
  scales: StoredTensor
  /** The place in a word of each of n neighbours; in order if it is absent. */
  order?: readonly number[]
  /** What is added to the words of zeros before they are unpacked. */
  zerosAdd: number
}

const wordsOf = (bytes: Uint8Array<ArrayBuffer>) => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)

/** Rows [rowStart, rowStart + rowCount) with w = scale·(code − zero). */
export async function readWordRows(matrix: WordMatrix, rowStart: number, rowCount: number): Promise<GroupedRows> {
  const { rows, cols, bits, across, zerosAdd, order } = matrix
  const per = 32 / bits
  const mask = bits === 32 ? 0xffffffff : 2 ** bits - 1
  const shiftOf = (neighbour: number) => bits * (order ? order[neighbour]! : neighbour)
  const codes = new Uint8Array(rowCount * cols)
  const [lines, width] = matrix.codes.shape as [number, number]
  const step = Math.max(1, Math.floor(pieceBytes / (4 * width)))
  for (let first = 0; first < lines; first += step) {
    const count = Math.min(step, lines - first)
    const words = wordsOf(await bytesOf(matrix.codes, first * width * 4, count * width * 4))
    for (let line = 0; line < count; line++)
      for (let i = 0; i < rowCount; i++) {
        const row = rowStart + i
        if (across === 'in') {
          const word = words[line * width + row]!
          for (let k = 0; k < per; k++) codes[i * cols + (first + line) * per + k] = (word >>> shiftOf(k)) & mask
        } else {
          codes[i * cols + first + line] = (words[line * width + Math.floor(row / per)]! >>> shiftOf(row % per)) & mask
        }
      }
  }
  const zeros = wordsOf(await bytesOf(matrix.zeros))
  const all = await floatsOf(matrix.scales)
  const groups = matrix.scales.shape[0]!
  const [scales, offsets] = [new Float32Array(rowCount * groups), new Float32Array(rowCount * groups)]
  for (let g = 0; g < groups; g++)
    for (let i = 0; i < rowCount; i++) {
      const row = rowStart + i
      const zero = (((zeros[g * (rows / per) + Math.floor(row / per)]! + zerosAdd) >>> 0) >>> shiftOf(row % per)) & mask
      const scale = all[g * rows + row]!
      scales[i * groups + g] = scale
      offsets[i * groups + g] = -scale * zero
    }
  return { codes, scales, offsets }
}
