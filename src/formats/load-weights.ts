// Streams a tensor into the bytes of its GPU buffer, as stored or converted, a few MB at a time.
import { Cancelled, FormatError, ShapeError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { type TensorEntry, rowsAndCols } from './model-file'
import { toBfloat, toHalf } from './quant/half'
import { nf4Layout } from './quant/nf4'
import { nf4DqLayout } from './quant/nf4-dq'
import { doubleQuantise } from './quant/nf4-quantise'
import type { WeightFormatId } from './quant/format-id'
import { quantiser, weightFormat } from './quant/registry'
import type { WeightFormat } from './quant/weight-format'

/** A part of a matrix, cut by rows; a vector is one row. */
interface Part {
  rowStart: number
  rows: number
  cols: number
}

/** Bytes to write into the part's GPU buffer; offset and length are multiples of 4. */
interface Piece {
  offset: number
  bytes: Uint8Array<ArrayBuffer>
}

const pieceBytes = 16 << 20
/** Number of weights that are float32 at the same time: 8 MB. */
const pieceWeights = 2 << 20
/** Number of weights that are float32 at the same time when they become 4-bit: they fit a core's second-level cache. Whole blocks of every format. */
const chunkWeights = 1 << 15

/** Rows per piece: the largest multiple of 64 that fits, so that pieces begin at whole words and whole blocks of NF4. */
function rowsPerPiece(entry: TensorEntry, { rows, cols }: Part, decoded: boolean): number {
  const { blockWeights, blockBytes } = weightFormat(entry.format)
  if (blockBytes === 0) return rows
  const fit = Math.min(pieceBytes / ((cols / blockWeights) * blockBytes), decoded ? pieceWeights / cols : Infinity)
  return Math.max(64, Math.floor(fit / 64) * 64)
}

interface Rows {
  /** Counted from the part's first row. */
  start: number
  count: number
  bytes: Uint8Array<ArrayBuffer>
}

/**
 * Rows [rowStart, rowStart + count) of a tensor as stored. All weights are loaded through this function.
 * @throws FormatError naming the first weight that is NaN or infinite
 */
export async function finiteRows(entry: TensorEntry, rowStart: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await entry.readRows(rowStart, count)
  const [, cols] = rowsAndCols(entry.shape)
  const odd = weightFormat(entry.format).oddWeight(bytes, count * cols)
  if (!odd) return bytes
  const { format } = entry
  const column = odd.at % cols
  const plain = format === 'f32' || format === 'f16' || format === 'bf16'
  const where = plain ? say`in column ${column}` : say`as the scale of the block that begins at column ${column}`
  throw new FormatError(
    say`${entry.name}, row ${rowStart + Math.floor(odd.at / cols)}: expected finite weights, got ${odd.value} ${where}. The file is damaged, or was saved from a failed training run. Use another copy or another model.`,
  )
}

async function* storedRows(entry: TensorEntry, part: Part, decoded: boolean, signal?: AbortSignal): AsyncGenerator<Rows> {
  const step = rowsPerPiece(entry, part, decoded)
  for (let start = 0; start < part.rows; start += step) {
    if (signal?.aborted) throw new Cancelled()
    const count = Math.min(step, part.rows - start)
    yield { start, count, bytes: await finiteRows(entry, part.rowStart + start, count) }
  }
}

/** Values of a part in f32, a few MB at a time; `start` counts rows from the part's first row. @throws Cancelled */
export async function* floatPieces(
  entry: TensorEntry,
  part: Part,
  signal?: AbortSignal,
): AsyncGenerator<{ start: number; count: number; values: Float32Array<ArrayBuffer> }> {
  for await (const { start, count, bytes } of storedRows(entry, part, true, signal))
    yield { start, count, values: weightFormat(entry.format).decode(bytes, count * part.cols) }
}

const largestOf = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** The error for weights that a format with halves as scales cannot hold. */
function tooLarge(name: string, values: Float32Array, label: string): Error {
  return new UnsupportedError(
    say`${name}: expected weights that ${label} can hold, got one of size ${largestOf(values)}. Choose the base precision nf4 or f32 for this model.`,
  )
}

function toBits(name: string, values: Float32Array, round: (value: number) => number): Uint8Array<ArrayBuffer> {
  const bits = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const rounded = round(value)
    if (round === toHalf && (rounded & 0x7fff) === 0x7c00 && Number.isFinite(value)) {
      throw new UnsupportedError(
        say`${name}: expected weights up to 65504 for 16-bit floats, got ${value}. Choose the base precision native or f32 for this model.`,
      )
    }
    bits[i] = rounded
  }
  return new Uint8Array(bits.buffer)
}

/** float32 values as the bytes of a file in that format. @throws UnsupportedError if a value is too large for f16 */
export function floatBytes(name: string, values: Float32Array<ArrayBuffer>, target: 'f32' | 'f16' | 'bf16'): Uint8Array<ArrayBuffer> {
  if (target === 'f32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return toBits(name, values, target === 'f16' ? toHalf : toBfloat)
}

/** float32 values as the bytes of a file in any format that can be made. @throws UnsupportedError if a value is too large for it */
export function fileBytes(name: string, values: Float32Array<ArrayBuffer>, target: WeightFormatId): Uint8Array<ArrayBuffer> {
  if (target === 'f32' || target === 'f16' || target === 'bf16') return floatBytes(name, values, target)
  const format = weightFormat(target)
  const bytes = format.encode!(values)
  if (format.oddWeight(bytes, values.length))
    throw new UnsupportedError(
      say`${name}: expected weights that ${format.label} can hold, got one of size ${largestOf(values)}. Choose F32 for this file.`,
    )
  return bytes
}

/** Stored bytes of `count` weights as float32, for immediate use: not copied if they are float32 already. */
function* floatChunks(format: WeightFormat, bytes: Uint8Array<ArrayBuffer>, count: number): Generator<Float32Array> {
  if (format.id === 'f32' && bytes.byteOffset % 4 === 0) return yield new Float32Array(bytes.buffer, bytes.byteOffset, count)
  for (let from = 0; from < count; from += chunkWeights) {
    const to = Math.min(count, from + chunkWeights)
    const [first, end] = [from, to].map((weight) => (weight / format.blockWeights) * format.blockBytes)
    yield format.decode(bytes.subarray(first, end), to - from)
  }
}

/** Yields the codes as soon as they are made. absmax, a sixteenth of their size, comes at the end. */
async function* quantisedPieces(
  entry: TensorEntry,
  part: Part,
  target: 'nf4' | 'nf4-dq' | 'fp4',
  signal?: AbortSignal,
): AsyncGenerator<Piece> {
  const { cols, rows } = part
  const double = target === 'nf4-dq'
  const { start: startQuantising } = quantiser(double ? 'nf4' : target)
  const total = rows * cols
  const codesAt = double ? nf4DqLayout(total).codes : 0
  const absmax = new Float32Array(Math.ceil(total / 64))
  for await (const { start, count, bytes } of storedRows(entry, part, true, signal)) {
    const weights = count * cols
    const quantised = startQuantising(count, cols)
    for (const values of floatChunks(weightFormat(entry.format), bytes, weights)) quantised.add(values)
    const packed = quantised.finish()
    const { absmax: codesEnd } = nf4Layout(weights)
    absmax.set(new Float32Array(packed.buffer, codesEnd), (start * cols) / 64)
    yield { offset: codesAt + (start * cols) / 2, bytes: packed.subarray(0, codesEnd) }
  }
  if (double) yield { offset: 0, bytes: doubleQuantise(absmax, total) }
  else yield { offset: nf4Layout(total).absmax, bytes: new Uint8Array(absmax.buffer) }
}

/**
 * The bytes of a part's GPU buffer in `target`, piece by piece. Keeps a few pieces in memory at a time, for NF4 also absmax (4 bytes
 * per 64 weights); tensors that bitsandbytes made are read whole. @throws FormatError, ShapeError, UnsupportedError, Cancelled
 */
export async function* packedPieces(
  entry: TensorEntry,
  part: Part,
  target: WeightFormatId | 'native',
  signal?: AbortSignal,
): AsyncGenerator<Piece> {
  const format = weightFormat(target === 'native' ? entry.format : target)
  if (format.id === entry.format) {
    for await (const { start, count, bytes } of storedRows(entry, part, false, signal)) yield* format.pack(bytes, part, start, count)
  } else if (format.id === 'nf4' || format.id === 'nf4-dq' || format.id === 'fp4') {
    yield* quantisedPieces(entry, part, format.id, signal)
  } else if (format.encode) {
    for await (const { start, count, values } of floatPieces(entry, part, signal)) {
      const bytes = format.encode(values)
      if (format.oddWeight(bytes, values.length)) throw tooLarge(entry.name, values, format.label)
      yield* format.pack(bytes, part, start, count)
    }
  } else if (format.id === 'f32' || format.id === 'f16' || format.id === 'bf16') {
    for await (const { start, count, bytes } of storedRows(entry, part, true, signal)) {
      const values = weightFormat(entry.format).decode(bytes, count * part.cols)
      yield* format.pack(floatBytes(entry.name, values, format.id), part, start, count)
    }
  } else {
    throw new ShapeError(
      say`${entry.name}: expected its stored format, f32, f16, bf16, q8_0, q4_0, nf4, nf4-dq or fp4 on the GPU, got ${target}. Choose one of these as the base precision.`,
    )
  }
}
