// Finds NaN and infinities by their bits: all bits of the exponent are set. It must be fast, because every loaded weight is checked.

/** A weight that is NaN or infinite: its index among the given weights, and its value (for a block, the value of its scale). */
export interface OddWeight {
  at: number
  value: number
}

/** Masks for the numbers in a word: the bits of their exponents, the number to add so that an exponent of ones overflows, and the bit that it overflows into. */
interface Lanes {
  exponents: number
  carry: number
  above: number
}

const lanes = {
  f32: { exponents: 0x7f800000, carry: 0x00800000, above: 0x80000000 | 0 },
  f16: { exponents: 0x7c007c00, carry: 0x04000400, above: 0x80008000 | 0 },
  bf16: { exponents: 0x7f807f80, carry: 0x00800080, above: 0x80008000 | 0 },
} as const satisfies Record<string, Lanes>

/** Whether any number in these bytes is NaN or infinite. */
export function anyOdd(bytes: Uint8Array, kind: keyof typeof lanes): boolean {
  const { exponents, carry, above } = lanes[kind]
  const whole = bytes.byteLength & ~3
  const words =
    bytes.byteOffset & 3 ? new Int32Array(bytes.slice(0, whole).buffer) : new Int32Array(bytes.buffer, bytes.byteOffset, whole / 4)
  let found = 0
  for (let i = 0; i < words.length; i++) found |= ((words[i]! & exponents) + carry) & above
  if (whole < bytes.byteLength) {
    const rest = bytes[whole]! | (bytes[whole + 1]! << 8)
    found |= ((rest & exponents & 0xffff) + (carry & 0xffff)) & 0x8000
  }
  return found !== 0
}

/** The first of `values` that is NaN or infinite. Each value is the scale of `weights` weights. */
export function firstOdd(values: Float32Array, weights = 1): OddWeight | undefined {
  const at = values.findIndex((value) => !Number.isFinite(value))
  return at < 0 ? undefined : { at: at * weights, value: values[at]! }
}
