// NF4 and FP4 like bitsandbytes': 4-bit codes of w / absmax over blocks of 64 of the flattened matrix. They are made while loading, so
// their bytes are those of the GPU (shaders/quant/code_absmax.wgsl). All forms share the order of codes in words.
import { ShapeError } from '../../config/errors'
import { say } from '../../config/phrase'
import { firstOdd } from './finite'
import { type CodeBook, nf4Book } from './nf4-code'
import type { WeightFormat } from './weight-format'

/** Byte offsets of the parts for `count` weights. */
export function nf4Layout(count: number): { absmax: number; sizeBytes: number } {
  const absmax = Math.ceil(count / 8) * 4
  return { absmax, sizeBytes: absmax + Math.ceil(count / 64) * 4 }
}

/** Nibble of weight i: word i / 8, byte i mod 4, the high nibble for the last four. */
export function nf4Code(codes: Uint8Array, i: number): number {
  return (codes[((i >> 3) << 2) | (i & 3)]! >> (i & 4)) & 15
}

/** Converts bitsandbytes' packing (weight 2i in the high nibble of byte i) to ours, for `count` weights. Missing weights get the code `zero`. */
export function nf4FromBitsAndBytes(packed: Uint8Array, count: number, to: Uint8Array, zero = nf4Book.zero): void {
  to.fill(zero * 0x11, 0, Math.ceil(count / 8) * 4)
  for (let i = 0; i < count; i++) {
    const q = (packed[i >> 1]! >> (i & 1 ? 0 : 4)) & 15
    const at = ((i >> 3) << 2) | (i & 3)
    to[at] = i & 4 ? (to[at]! & 15) | (q << 4) : (to[at]! & 0xf0) | q
  }
}

/** Decodes codes in our order with the absmax of each block. */
export function nf4Decode(codes: Uint8Array, absmax: Float32Array, count: number, { values } = nf4Book): Float32Array<ArrayBuffer> {
  const out = new Float32Array(count)
  for (let i = 0; i < count; i++) out[i] = values[nf4Code(codes, i)]! * absmax[i >> 6]!
  return out
}

/** Checks that a part is read whole, because its bytes are already those of the GPU. @throws ShapeError otherwise */
export function wholePart(
  label: string,
  bytes: Uint8Array<ArrayBuffer>,
  sizeBytes: number,
  rows: number,
  rowStart: number,
  rowCount: number,
) {
  if (rowStart !== 0 || rowCount !== rows || bytes.length !== sizeBytes) {
    throw new ShapeError(
      say`${label}: expected all ${rows} rows in ${sizeBytes} bytes, got ${rowCount} from row ${rowStart} in ${bytes.length} bytes. This is a mistake in TabTune.`,
    )
  }
  return [{ offset: 0, bytes }]
}

/** absmax of each block, from the GPU's bytes. */
function absmaxOf(bytes: Uint8Array, count: number): Float32Array {
  return new Float32Array(new Uint8Array(bytes.subarray(nf4Layout(count).absmax)).buffer)
}

/** A format of codes and absmax; `code` is the WGSL snippet of the code book. */
export function absmaxFormat(id: 'nf4' | 'fp4', label: string, code: string, book: CodeBook): WeightFormat {
  return {
    id,
    label,
    blockWeights: 64,
    blockBytes: 0,
    reader: () => [code, 'quant/code_select', 'quant/code_absmax'],
    gpuBytes: (rows, cols) => nf4Layout(rows * cols).sizeBytes,
    pack: (bytes, { rows, cols }, rowStart, rowCount) =>
      wholePart(label, bytes, nf4Layout(rows * cols).sizeBytes, rows, rowStart, rowCount),
    oddWeight: (bytes, count) => firstOdd(absmaxOf(bytes, count), 64),
    decode: (bytes, count) => nf4Decode(bytes, absmaxOf(bytes, count), count, book),
  }
}

export const nf4 = absmaxFormat('nf4', 'NF4', 'quant/nf4_code', nf4Book)
