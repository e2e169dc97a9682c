// Folders that MLX quantised (mlx.core.quantize; mlx-lm writes them). Each matrix [out, in] is X.weight (words, [out, in·bits / 32]: a stream
// of codes, the first in the lowest bits), X.scales and X.biases ([out, groups]); w = scale·code + bias. In the mode mxfp4, X.scales are the
// exponents of OCP's microscaling, and there are no biases. Single matrices may have settings of their own, under their names.
import { UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { TensorEntry } from '../model-file'
import type { StoredTensor } from '../safetensors'
import { groupedEntry, outOfRange } from './grouped-matrix'
import {
  type Json,
  type Stored,
  bytesOf,
  floatTypes,
  floatsOf,
  knownNumber,
  need,
  otherFolder,
  stemsOf,
  takeOut,
  unpackBits,
  words32,
} from './stored'

const endings = ['.weight', '.scales', '.biases']

function affine(stored: Stored, stem: string, bits: number, size: number): TensorEntry {
  const weight = need(stored, `${stem}.weight`, words32, [undefined, undefined])
  const [rows, words] = weight.shape as [number, number]
  const cols = (words * 32) / bits
  const scales = need(stored, `${stem}.scales`, floatTypes, [rows, cols / size])
  const biases = need(stored, `${stem}.biases`, floatTypes, [rows, cols / size])
  const groups = cols / size
  return groupedEntry({
    name: `${stem}.weight`,
    rows,
    cols,
    bits,
    group: size,
    sizeBytes: takeOut(stored, stem, endings),
    async read(rowStart, rowCount) {
      const bytes = await bytesOf(weight, rowStart * words * 4, rowCount * words * 4)
      const codes = new Uint8Array(rowCount * cols)
      for (let row = 0; row < rowCount; row++)
        unpackBits(bytes.subarray(row * words * 4, (row + 1) * words * 4), bits, 0, cols, codes, row * cols)
      const [scale, offset] = await Promise.all([scales, biases].map((t) => floatsOf(t, rowStart * groups, rowCount * groups)))
      return { codes, scales: scale!, offsets: offset! }
    },
  })
}

/** Blocks of our MXFP4: the exponent, then 16 bytes with weights j and 16 + j. */
function microscaled(weight: StoredTensor, scales: StoredTensor, name: string, sizeBytes: number): TensorEntry {
  const [rows, words] = weight.shape as [number, number]
  const blocks = words / 4
  return {
    name,
    shape: [rows, words * 8],
    format: 'mxfp4',
    sizeBytes,
    async readRows(rowStart, rowCount) {
      if (rowStart < 0 || rowCount < 0 || rowStart + rowCount > rows) throw outOfRange(name, rows, rowStart, rowCount)
      const codes = await bytesOf(weight, rowStart * words * 4, rowCount * words * 4)
      const exponents = await bytesOf(scales, rowStart * blocks, rowCount * blocks)
      const out = new Uint8Array(exponents.length * 17)
      const code = (i: number) => (codes[i >> 1]! >> (4 * (i & 1))) & 15
      for (let block = 0; block < exponents.length; block++) {
        out[block * 17] = exponents[block]!
        for (let j = 0; j < 16; j++) out[block * 17 + 1 + j] = code(block * 32 + j) | (code(block * 32 + 16 + j) << 4)
      }
      return out
    },
  }
}

export async function mlxTensors(stored: Stored, config: Json): Promise<TensorEntry[]> {
  return stemsOf(stored, '.scales').map((stem) => {
    const own = config[stem]
    const { bits, group_size: size, mode = 'affine' } = { ...config, ...(typeof own === 'object' ? (own as Json) : {}) }
    if (mode === 'mxfp4') {
      const weight = need(stored, `${stem}.weight`, words32, [undefined, undefined])
      const scales = need(stored, `${stem}.scales`, ['U8'], [weight.shape[0], weight.shape[1]! / 4])
      return microscaled(weight, scales, `${stem}.weight`, takeOut(stored, stem, endings))
    }
    if (mode !== 'affine')
      throw new UnsupportedError(say`${stem}: expected MLX's mode affine or mxfp4, got ${String(mode).slice(0, 40)}. ${otherFolder}`)
    const known = knownNumber(`${stem}, bits`, bits, [2, 3, 4, 5, 6, 8], otherFolder)
    return affine(stored, stem, known, knownNumber(`${stem}, group_size`, size, [32, 64, 128], otherFolder))
  })
}
