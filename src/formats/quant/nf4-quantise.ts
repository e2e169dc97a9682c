// Quantises float32 to NF4, with and without double quantisation, and to FP4, bit for bit like bitsandbytes' reference: code = the value
// nearest to w·(1/absmax) in float32; the code book says which of two equals. A block of zeros gets the code of 0, where bitsandbytes
// divides by 0.
import { ShapeError } from '../../config/errors'
import { say } from '../../config/phrase'
import { dynamicMap } from './dynamic-map'
import { fp4Book } from './fp4-code'
import { nf4Layout } from './nf4'
import { type CodeBook, nearestThresholds, nf4Book, ordinal } from './nf4-code'
import { nf4DqLayout } from './nf4-dq'
import type { Quantiser } from './weight-format'

/** [-1, 1] in 2 · 8192 equal cells, and one cell for 1. A cell has the code of all values in it or, near a threshold, 16 + the place of the lower value. */
const halfCells = 8192
const nearThreshold = 16

interface Cells extends CodeBook {
  cells: Uint8Array
}

function withCells(book: CodeBook): Cells {
  const cells = new Uint8Array(2 * halfCells + 1).fill(book.codes[0]!)
  for (const [place, threshold] of book.thresholds.entries()) {
    cells.fill(book.codes[place + 1]!, Math.trunc((threshold + 1) * halfCells))
    // Cells are looked up before rounding to float32, which moves a value by less than 1e-7.
    const [first, last] = [threshold - 1e-6, threshold + 1e-6].map((x) => Math.trunc((x + 1) * halfCells))
    cells.fill(place | nearThreshold, first, last! + 1)
  }
  return { ...book, cells }
}

/** The code of x, from the cell that has it. */
function exactCode(cell: number, x: number, { thresholds, codes }: CodeBook): number {
  if (!(cell & nearThreshold)) return cell
  let place = cell & 15
  while (x > thresholds[place]!) place++
  return codes[place]!
}

/** Bits of the largest magnitude of 64 values: without their sign, floats are ordered like their bits. Above the bits of Infinity if one is NaN. */
function largestBits(bits: Int32Array, from: number): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let i = from; i < from + 64; i += 4) {
    // max(a, x) = a + max(x − a, 0), without branches, because the processor could not predict them.
    const da = (bits[i]! & 0x7fffffff) - a
    const db = (bits[i + 1]! & 0x7fffffff) - b
    const dc = (bits[i + 2]! & 0x7fffffff) - c
    const dd = (bits[i + 3]! & 0x7fffffff) - d
    a = (a + (da & ~(da >> 31))) | 0
    b = (b + (db & ~(db >> 31))) | 0
    c = (c + (dc & ~(dc >> 31))) | 0
    d = (d + (dd & ~(dd >> 31))) | 0
  }
  return Math.max(a, b, c, d)
}

function largestNumber(values: Float32Array, from: number): number {
  let largest = 0
  for (let i = from; i < from + 64; i++) if (Math.abs(values[i]!) > largest) largest = Math.abs(values[i]!)
  return largest
}

/** Packs eight codes into a word: weight i in byte i mod 4, the last four in the high nibbles. */
function exactWord(values: Float32Array, from: number, inverse: number, book: Cells): number {
  let word = 0
  for (let i = 0; i < 8; i++) {
    const x = Math.fround(values[from + i]! * inverse)
    word |= exactCode(book.cells[((x + 1) * halfCells) | 0]!, x, book) << (((i & 3) << 3) | (i & 4))
  }
  return word
}

/** Packs whole blocks of 64 weights from values[from] on into words[word] on, and their absmax into absmax[block] on. */
function packBlocks(
  values: Float32Array,
  from: number,
  count: number,
  words: Int32Array,
  firstWord: number,
  absmax: Float32Array,
  block: number,
  book: Cells,
): void {
  const { cells } = book
  const zeros = book.zero * 0x11111111
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length)
  const absmaxBits = new Int32Array(absmax.buffer, absmax.byteOffset, absmax.length)
  let word = firstWord
  for (let at = from; at < from + count; block++) {
    const largest = largestBits(bits, at)
    absmaxBits[block] = largest
    if (largest > 0x7f800000) absmax[block] = largestNumber(values, at)
    const inverse = Math.fround(1 / absmax[block]!)
    if (inverse === Infinity) {
      absmax[block] = 0
      words.fill(zeros, word, word + 8)
      at += 64
      word += 8
      continue
    }
    const scale = inverse * halfCells
    for (const end = word + 8; word < end; word++, at += 8) {
      const c0 = cells[(values[at]! * scale + halfCells) | 0]!
      const c1 = cells[(values[at + 1]! * scale + halfCells) | 0]!
      const c2 = cells[(values[at + 2]! * scale + halfCells) | 0]!
      const c3 = cells[(values[at + 3]! * scale + halfCells) | 0]!
      const c4 = cells[(values[at + 4]! * scale + halfCells) | 0]!
      const c5 = cells[(values[at + 5]! * scale + halfCells) | 0]!
      const c6 = cells[(values[at + 6]! * scale + halfCells) | 0]!
      const c7 = cells[(values[at + 7]! * scale + halfCells) | 0]!
      words[word] =
        (c0 | c1 | c2 | c3 | c4 | c5 | c6 | c7) & nearThreshold
          ? exactWord(values, at, inverse, book)
          : c0 | (c1 << 8) | (c2 << 16) | (c3 << 24) | (c4 << 4) | (c5 << 12) | (c6 << 20) | (c7 << 28)
    }
  }
}

/** Collects values in chunks of any size and packs them in blocks of 64. The last block is filled with zeros. */
function blocks(count: number, codes: Uint8Array, book: Cells) {
  const absmax = new Float32Array(Math.ceil(count / 64))
  const words = new Int32Array(codes.buffer, codes.byteOffset, codes.length / 4)
  const pending = new Float32Array(64)
  let waiting = 0
  let done = 0
  const pack = (values: Float32Array, from: number, size: number) => {
    packBlocks(values, from, size, words, done >> 3, absmax, done >> 6, book)
    done += size
  }
  return {
    add(values: Float32Array) {
      if (done + waiting + values.length > count)
        throw new ShapeError(say`NF4: expected ${count} weights, got more. This is a mistake in TabTune.`)
      let from = 0
      if (waiting) {
        from = Math.min(64 - waiting, values.length)
        pending.set(values.subarray(0, from), waiting)
        waiting += from
        if (waiting === 64) {
          pack(pending, 0, 64)
          waiting = 0
        }
      }
      const whole = (values.length - from) & ~63
      pack(values, from, whole)
      if (from + whole < values.length) {
        pending.set(values.subarray(from + whole))
        waiting = values.length - from - whole
      }
    },
    finish(): Float32Array {
      if (done + waiting !== count)
        throw new ShapeError(say`NF4: expected ${count} weights, got ${done + waiting}. This is a mistake in TabTune.`)
      if (waiting) {
        const last = new Int32Array(8)
        packBlocks(pending.fill(0, waiting), 0, 64, last, 0, absmax.subarray(done >> 6), 0, book)
        words.set(last.subarray(0, Math.ceil(waiting / 8)), done >> 3)
      }
      return absmax
    },
  }
}

function quantiserOf(id: 'nf4' | 'fp4', book: Cells): Quantiser {
  return {
    id,
    start(rows, cols) {
      const layout = nf4Layout(rows * cols)
      const out = new Uint8Array(layout.sizeBytes)
      const { add, finish } = blocks(rows * cols, out.subarray(0, layout.absmax), book)
      return {
        add,
        finish() {
          out.set(new Uint8Array(finish().buffer), layout.absmax)
          return out
        },
      }
    },
  }
}

const nf4Cells = withCells(nf4Book)
export const quantiseNf4 = quantiserOf('nf4', nf4Cells)
export const quantiseFp4 = quantiserOf('fp4', withCells(fp4Book))

const mapOrder = Int32Array.from(nearestThresholds(dynamicMap), ordinal)

/** Number of the 255 thresholds that are below the value, found by halving without branches. */
function nearestInMap(order: number): number {
  let low = 0
  for (let step = 128; step; step >>= 1) low += ((mapOrder[low + step - 1]! - order) >> 31) & step
  return low
}

/** The mean, rounded once. PyTorch adds in float32 in an order that depends on the processor, so its last bit may differ. */
function mean(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return Math.fround(sum / values.length)
}

/** The part of an nf4-dq buffer before its codes, from the absmax of `count` weights' blocks. */
export function doubleQuantise(absmax: Float32Array, count: number): Uint8Array<ArrayBuffer> {
  const layout = nf4DqLayout(count)
  const out = new Uint8Array(layout.codes)
  const floats = new Float32Array(out.buffer, 0, layout.absmax / 4)
  const offset = mean(absmax)
  floats[0] = offset
  floats.set(dynamicMap, layout.map / 4)
  const x = new Float32Array(256)
  const bits = new Int32Array(x.buffer)
  for (let from = 0; from < absmax.length; from += 256) {
    const size = Math.min(256, absmax.length - from)
    let nested = 0
    for (let i = 0; i < size; i++) {
      x[i] = absmax[from + i]! - offset
      nested = Math.max(nested, Math.abs(x[i]!))
    }
    floats[layout.nested / 4 + from / 256] = nested
    const reciprocal = Math.fround(1 / nested)
    const inverse = reciprocal === Infinity ? 0 : reciprocal
    for (let i = 0; i < size; i++) {
      x[i] = x[i]! * inverse
      // As in `ordinal`; NaN gets code 0.
      const order = bits[i]! < 0 ? -(bits[i]! & 0x7fffffff) : bits[i]!
      out[layout.absmax + from + i] = Number.isNaN(x[i]!) ? 0 : nearestInMap(order)
    }
  }
  return out
}

export const quantiseNf4Dq: Quantiser = {
  id: 'nf4-dq',
  start(rows, cols) {
    const layout = nf4DqLayout(rows * cols)
    const out = new Uint8Array(layout.sizeBytes)
    const { add, finish } = blocks(rows * cols, out.subarray(layout.codes), nf4Cells)
    return {
      add,
      finish() {
        out.set(doubleQuantise(finish(), rows * cols))
        return out
      },
    }
  },
}
