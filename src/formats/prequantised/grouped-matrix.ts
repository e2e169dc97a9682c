// A matrix of whole numbers with scales and offsets by group, as an entry: read in place where the groups are whole blocks of a format,
// else as f32, which becomes another format while loading.
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { TensorEntry } from '../model-file'
import type { WeightFormatId } from '../quant/format-id'
import { groupedFormat, groupedRows } from '../quant/grouped'

export interface GroupedRows {
  /** One code in each byte, row by row. */
  codes: Uint8Array
  /** One number per group of each row: w = scale·code + offset. */
  scales: Float32Array
  offsets: Float32Array
}

export interface GroupedMatrix {
  name: string
  rows: number
  cols: number
  bits: number
  /** Weights of a row that share a scale. */
  group: number
  /** The group of each column, if groups are not neighbours (GPTQ with desc_act). */
  groupOf?: Int32Array
  sizeBytes: number
  read(rowStart: number, rowCount: number): Promise<GroupedRows>
}

/** What the base precision `native` makes of rows that no reader reads in place. */
export const turnedInto = (cols: number): WeightFormatId => (cols % 32 ? 'f16' : 'q8_0')

export function outOfRange(name: string, rows: number, rowStart: number, rowCount: number): FormatError {
  return new FormatError(say`${name}: expected rows up to ${rows}, got ${rowCount} from row ${rowStart}. This is a mistake in TabTune.`)
}

function plainRows(
  { cols, group, groupOf }: GroupedMatrix,
  { codes, scales, offsets }: GroupedRows,
  count: number,
): Float32Array<ArrayBuffer> {
  const groups = scales.length / count
  const out = new Float32Array(count * cols)
  for (let row = 0; row < count; row++)
    for (let col = 0; col < cols; col++) {
      const at = row * groups + (groupOf ? groupOf[col]! : Math.floor(col / group))
      out[row * cols + col] = scales[at]! * codes[row * cols + col]! + offsets[at]!
    }
  return out
}

export function groupedEntry(matrix: GroupedMatrix): TensorEntry {
  const { name, rows, cols, bits, group, groupOf, sizeBytes } = matrix
  const inPlace = groupOf ? undefined : groupedFormat(bits, cols, group)
  return {
    name,
    shape: [rows, cols],
    format: inPlace ?? 'f32',
    native: inPlace ? undefined : turnedInto(cols),
    sizeBytes,
    async readRows(rowStart, rowCount) {
      if (rowStart < 0 || rowCount < 0 || rowStart + rowCount > rows) throw outOfRange(name, rows, rowStart, rowCount)
      const read = await matrix.read(rowStart, rowCount)
      return inPlace ? groupedRows(inPlace, { ...read, cols, group }) : new Uint8Array(plainRows(matrix, read, rowCount).buffer)
    },
  }
}
