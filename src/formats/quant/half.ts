// Converts 16-bit floats to float32 and back, without JavaScript's Float16Array, which not every engine has yet.

const floats = new Float32Array(1)
const words = new Uint32Array(floats.buffer)

function expandHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

let table: Float32Array | undefined

/** float32 values of all 65,536 halves (IEEE 754 binary16), indexed by their bits. */
export function halfTable(): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, half) => expandHalf(half))
  return table
}

/** The 16-bit words of little-endian bytes with any alignment. */
export function halfWords(bytes: Uint8Array): Uint16Array {
  const { buffer, byteOffset, length } = bytes.byteOffset & 1 ? bytes.slice() : bytes
  return new Uint16Array(buffer, byteOffset, length / 2)
}

/** The half at `at`, little-endian, with any alignment. */
export function readHalf(bytes: Uint8Array, at: number): number {
  return halfTable()[bytes[at]! | (bytes[at + 1]! << 8)]!
}

/** Bits of the half nearest to `value`, ties to even; infinity beyond ±65504 (after rounding). */
export function toHalf(value: number): number {
  floats[0] = value
  const bits = words[0]!
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude >= 0x47800000) return magnitude > 0x7f800000 ? sign | 0x7e00 : sign | 0x7c00
  if (magnitude < 0x38800000) {
    // Below 2^-14 halves are multiples of 2^-24: adding 0.5 leaves exactly these bits, rounded to even.
    floats[0] = magnitude === 0 ? 0.5 : Math.abs(value) + 0.5
    return sign | (words[0]! - 0x3f000000)
  }
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
}

/** Bits of the bfloat16 nearest to `value`, ties to even. */
export function toBfloat(value: number): number {
  floats[0] = value
  const bits = words[0]!
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}

/** Writes the half nearest to `value`, little-endian. */
export function setHalf(bytes: Uint8Array, at: number, value: number): void {
  const bits = toHalf(value)
  bytes[at] = bits & 255
  bytes[at + 1] = bits >> 8
}
