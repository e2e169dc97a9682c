// Folders that AutoAWQ quantised in its layout "gemm" (autoawq, modules/linear/gemm.py, utils/packing_utils.py). Each matrix [out, in] is
// X.qweight (words, [in, out / 8]), X.qzeros (words, [groups, out / 8]) and X.scales ([groups, out]); w = scale·(code − zero). Output 8k + j
// has its code in word k at bit 4·order[j].
import { UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { TensorEntry } from '../model-file'
import { groupedEntry } from './grouped-matrix'
import { type Json, type Stored, floatTypes, knownNumber, need, otherFolder, stemsOf, takeOut, words32 } from './stored'
import { readWordRows } from './words-by-column'

const order = [0, 4, 1, 5, 2, 6, 3, 7]

export async function awqTensors(stored: Stored, config: Json): Promise<TensorEntry[]> {
  const bits = knownNumber('AWQ, bits', config.bits ?? config.w_bit ?? 4, [4], otherFolder)
  const version = String(config.version ?? 'gemm').toLowerCase()
  if (version !== 'gemm') throw new UnsupportedError(say`AWQ, version: expected gemm, got ${version.slice(0, 40)}. ${otherFolder}`)
  return stemsOf(stored, '.qweight').map((stem) => {
    const codes = need(stored, `${stem}.qweight`, words32, [undefined, undefined])
    const [cols, rows] = [codes.shape[0]!, codes.shape[1]! * 8]
    const scales = need(stored, `${stem}.scales`, floatTypes, [undefined, rows])
    const groups = scales.shape[0]!
    const zeros = need(stored, `${stem}.qzeros`, words32, [groups, rows / 8])
    if (cols % groups)
      throw new UnsupportedError(say`${stem}: expected groups of one size, got ${groups} groups of ${cols} inputs. ${otherFolder}`)
    const words = { rows, cols, bits, codes, across: 'out' as const, zeros, scales, order, zerosAdd: 0 }
    return groupedEntry({
      name: `${stem}.weight`,
      rows,
      cols,
      bits,
      group: cols / groups,
      sizeBytes: takeOut(stored, stem, ['.qweight', '.qzeros', '.scales']),
      read: (rowStart, rowCount) => readWordRows(words, rowStart, rowCount),
    })
  })
}
