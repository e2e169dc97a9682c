// Matrices of 8-bit floats (E4M3, OCP 8-bit Floating Point 1.0): X.weight with a factor per block of rows and columns (X.weight_scale_inv,
// DeepSeek and Qwen), per row or for the whole matrix (X.weight_scale, compressed-tensors and fbgemm). Each weight is multiplied by its
// factor. No reader reads them in place: they are f32 while loading, and become another format.
import { UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { TensorEntry } from '../model-file'
import { outOfRange, turnedInto } from './grouped-matrix'
import { type Stored, bytesOf, floatTypes, floatsOf, need, otherFolder, takeOut } from './stored'

/** S.EEEE.MMM with bias 7; all ones is NaN, and there is no infinity. */
function e4m3(byte: number): number {
  const sign = byte & 128 ? -1 : 1
  const exponent = (byte >> 3) & 15
  const fraction = byte & 7
  if (exponent === 15 && fraction === 7) return NaN
  return sign * (exponent ? (1 + fraction / 8) * 2 ** (exponent - 7) : (fraction / 8) * 2 ** -6)
}
const values = Float32Array.from({ length: 256 }, (_, byte) => e4m3(byte))

const scaleEndings = ['.weight_scale_inv', '.weight_scale']

/** Rows or columns that share a factor. @throws UnsupportedError unless blocks of `given`, or of one size, cover `all` */
function blockOf(name: string, all: number, count: number, given: unknown): number {
  const block = count === 1 ? all : Number(given ?? all / count)
  if (Number.isInteger(block) && block > 0 && Math.ceil(all / block) === count) return block
  throw new UnsupportedError(say`${name}: expected blocks that cover ${all} rows or columns, got ${count} factors. ${otherFolder}`)
}

/** `blocks`: weight_block_size of config.json, [rows, columns]. */
export async function fp8Tensors(stored: Stored, blocks?: unknown): Promise<TensorEntry[]> {
  const given = Array.isArray(blocks) ? (blocks as unknown[]) : []
  const stems = [...stored]
    .filter(([name, { dtype }]) => name.endsWith('.weight') && dtype === 'F8_E4M3')
    .map(([name]) => name.slice(0, -7))
  return stems.map((stem): TensorEntry => {
    const name = `${stem}.weight`
    const weight = need(stored, name, ['F8_E4M3'], [undefined, undefined])
    const [rows, cols] = weight.shape as [number, number]
    const ending = scaleEndings.find((e) => stored.has(stem + e)) ?? scaleEndings[0]!
    const scale = need(stored, stem + ending, floatTypes)
    const [down, across] = scale.shape.length > 1 ? (scale.shape as [number, number]) : [scale.shape[0] ?? 1, 1]
    const tall = blockOf(stem + ending, rows, down, given[0])
    const wide = blockOf(stem + ending, cols, across, given[1])
    const sizeBytes = takeOut(stored, stem, ['.weight', ...scaleEndings, '.input_scale', '.weight_zero_point'])
    return {
      name,
      shape: [rows, cols],
      format: 'f32',
      native: turnedInto(cols),
      sizeBytes,
      async readRows(rowStart, rowCount) {
        if (rowStart < 0 || rowCount < 0 || rowStart + rowCount > rows) throw outOfRange(name, rows, rowStart, rowCount)
        const [codes, factors] = [await bytesOf(weight, rowStart * cols, rowCount * cols), await floatsOf(scale)]
        const out = new Float32Array(rowCount * cols)
        for (let i = 0; i < out.length; i++) {
          const row = rowStart + Math.floor(i / cols)
          out[i] = values[codes[i]!]! * factors[Math.floor(row / tall) * across + Math.floor((i % cols) / wide)]!
        }
        return new Uint8Array(out.buffer)
      },
    }
  })
}
