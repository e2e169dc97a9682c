// Converts bitsandbytes' tensors (packed, absmax, …) to the bytes that our readers take.
import { nf4FromBitsAndBytes, nf4Layout } from './nf4'
import { nf4DqLayout } from './nf4-dq'

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** NF4, or FP4 with its own code of 0, with one float32 absmax per block of 64. */
export function packNf4(count: number, packed: Uint8Array, absmax: Float32Array, zero?: number): Uint8Array<ArrayBuffer> {
  const layout = nf4Layout(count)
  const out = new Uint8Array(layout.sizeBytes)
  nf4FromBitsAndBytes(packed, count, out, zero)
  out.set(bytesOf(absmax), layout.absmax)
  return out
}

interface DoubleQuantised {
  packed: Uint8Array
  /** Codes of absmax, one per block of 64. */
  absmax: Uint8Array
  /** One per 256 absmax. */
  nested: Float32Array
  /** The 256 values of a code. */
  map: Float32Array
  offset: number
}

/** NF4 with double quantisation. */
export function packNf4Dq(count: number, parts: DoubleQuantised): Uint8Array<ArrayBuffer> {
  const layout = nf4DqLayout(count)
  const out = new Uint8Array(layout.sizeBytes)
  out.set(bytesOf(Float32Array.of(parts.offset)))
  out.set(bytesOf(parts.map), layout.map)
  out.set(bytesOf(parts.nested), layout.nested)
  out.set(parts.absmax, layout.absmax)
  nf4FromBitsAndBytes(parts.packed, count, out.subarray(layout.codes))
  return out
}
