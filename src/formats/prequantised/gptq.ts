// Folders that GPTQModel or AutoGPTQ quantised (GPTQModel, nn_modules/qlinear/__init__.py, pack_block). Each matrix [out, in] is
// X.qweight (words, [in / n, out], code i of a word at bit bits·i), X.qzeros (words, [groups, out / n]), X.scales ([groups, out]) and
// X.g_idx (the group of each input); w = scale·(code − zero). In version 1 of the format ("gptq"), 1 was subtracted from every zero, in
// whole words (utils/model.py, convert_gptq_v1_to_v2_format), so it is added back in whole words; version 2 stores zeros as they are.
import { UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { TensorEntry } from '../model-file'
import type { StoredTensor } from '../safetensors'
import { type GroupedMatrix, groupedEntry } from './grouped-matrix'
import { type Json, type Stored, bytesOf, floatTypes, knownNumber, need, otherFolder, stemsOf, takeOut, words32 } from './stored'
import { readWordRows } from './words-by-column'

const ones: Readonly<Record<number, number>> = { 2: 0x55555555, 4: 0x11111111, 8: 0x01010101 }

/** The groups of columns, if they are not simply one after the other. */
async function orderOf(tensor: StoredTensor | undefined, group: number): Promise<Int32Array | undefined> {
  if (!tensor) return undefined
  const index = new Int32Array((await bytesOf(tensor)).buffer)
  return index.every((g, i) => g === Math.floor(i / group)) ? undefined : index
}

export async function gptqTensors(stored: Stored, config: Json): Promise<TensorEntry[]> {
  const bits = knownNumber('GPTQ, bits', config.bits ?? 4, [2, 4, 8], otherFolder)
  const version = String(config.checkpoint_format ?? 'gptq')
  if (version !== 'gptq' && version !== 'gptq_v2')
    throw new UnsupportedError(say`GPTQ, checkpoint_format: expected gptq or gptq_v2, got ${version.slice(0, 40)}. ${otherFolder}`)
  const entries: TensorEntry[] = []
  for (const stem of stemsOf(stored, '.qweight')) {
    const codes = need(stored, `${stem}.qweight`, words32, [undefined, undefined])
    const per = 32 / bits
    const [cols, rows] = [codes.shape[0]! * per, codes.shape[1]!]
    const scales = need(stored, `${stem}.scales`, floatTypes, [undefined, rows])
    const groups = scales.shape[0]!
    const zeros = need(stored, `${stem}.qzeros`, words32, [groups, Math.ceil(rows / per)])
    const size = Number(config.group_size ?? -1)
    const group = size > 0 ? size : cols
    const index = stored.has(`${stem}.g_idx`) ? need(stored, `${stem}.g_idx`, ['I32'], [cols]) : undefined
    const groupOf = await orderOf(index, group)
    if (rows % per || (groupOf ? groupOf.some((g) => g < 0 || g >= groups) : Math.ceil(cols / group) !== groups))
      throw new UnsupportedError(
        say`${stem}: expected ${Math.ceil(cols / group)} groups of ${group} inputs, got ${groups} for ${cols} inputs and ${rows} outputs. ${otherFolder}`,
      )
    const words = { rows, cols, bits, codes, across: 'in' as const, zeros, scales, zerosAdd: version === 'gptq' ? ones[bits]! : 0 }
    const sizeBytes = takeOut(stored, stem, ['.qweight', '.qzeros', '.scales', '.g_idx'])
    const matrix: GroupedMatrix = {
      name: `${stem}.weight`,
      rows,
      cols,
      bits,
      group,
      groupOf,
      sizeBytes,
      read: (rowStart, rowCount) => readWordRows(words, rowStart, rowCount),
    }
    entries.push(groupedEntry(matrix))
  }
  return entries
}
