// A matrix that products read: packed and frozen, in parts where one binding would be too small, or a trainable f32 tensor.
import type { WeightFormatId } from '../formats/quant/format-id'
import { weightFormat } from '../formats/quant/registry'
import type { KernelConstant } from '../gpu/kernel'
import type { Profile } from '../gpu/profile'
import type { Tensor } from '../tensor/tensor'

export interface WeightPart {
  /** First row of the matrix in this part. */
  firstRow: number
  rows: number
  /** The packed words. */
  tensor: Tensor
}

export interface Weight {
  /** Hugging Face name. */
  name: string
  /** [N, K] = out × in. */
  shape: readonly [number, number]
  format: WeightFormatId
  /** Shader snippets of the reader. */
  reader: readonly string[]
  parts: readonly WeightPart[]
  /** The f32 tensor, if the matrix is trained. */
  trainable?: Tensor
}

/** A trainable f32 tensor [N, K] as a weight. */
export function trainableWeight(t: Tensor): Weight {
  const [rows, cols] = t.shape
  return {
    name: t.label,
    shape: [rows, cols],
    format: 'f32',
    reader: weightFormat('f32').reader(cols),
    parts: [{ firstRow: 0, rows, tensor: t }],
    trainable: t,
  }
}

/** Looks weights up in a code book by selections, and snippets with the same meaning: with a table, if a selection costs more than an indexed load, and with that table in workgroup memory. */
const bySelection = 'quant/code_select'
const byTable = 'quant/code_table'
const inWorkgroup = 'quant/code_shared'

/** Snippets that read a matrix on the adapter of `profile`. */
export function readerParts(profile: Pick<Profile, 'software'>, { reader }: Pick<Weight, 'reader'>): readonly string[] {
  return profile.software ? reader.map((snippet) => (snippet === bySelection ? byTable : snippet)) : reader
}

/** Snippets that read a matrix in kernels that call `prepare_reader` before their first barrier. */
export function sharedReaderParts({ reader }: Pick<Weight, 'reader'>): readonly string[] {
  if (!reader.includes(bySelection)) return ['quant/ready', ...reader]
  return reader.map((snippet) => (snippet === bySelection ? inWorkgroup : snippet))
}

/** What a reader must know of the shape at compile time. Rows with a multiple of 8 weights are read without checks at their ends. */
export function remainder(weight: Weight): Record<string, KernelConstant> {
  return { COLS_MOD_8: weight.shape[1] % 8 }
}

/** Constants that a reader needs if a kernel has the shape as constants. */
export function readerConstants(weight: Weight, part: WeightPart): Record<string, KernelConstant> {
  return { W_ROWS: part.rows, W_COLS: weight.shape[1], ...remainder(weight) }
}
