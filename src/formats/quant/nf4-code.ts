// The sixteen values of NF4 (QLoRA, arXiv 2305.14314, appendix E; bitsandbytes' float32 values) and the nearest one.

/** Sixteen values, and which of them a number in [-1, 1] becomes. */
export interface CodeBook {
  /** By code. */
  values: Float32Array
  /** The codes in the order of their values. Of two codes with one value, only one is here. */
  codes: readonly number[]
  /** Ascending: a number becomes codes[i] for the first i with x ≤ thresholds[i], or the last code. */
  thresholds: Float32Array
  /** The code of 0. */
  zero: number
}

export const nf4Values = Float32Array.of(
  -1.0,
  -0.6961928009986877,
  -0.5250730514526367,
  -0.39491748809814453,
  -0.28444138169288635,
  -0.18477343022823334,
  -0.09105003625154495,
  0.0,
  0.07958029955625534,
  0.16093020141124725,
  0.24611230194568634,
  0.33791524171829224,
  0.44070982933044434,
  0.5626170039176941,
  0.7229568362236023,
  1.0,
)

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** Maps float32 numbers to whole numbers in the same order, and back, so that intervals can be halved exactly. */
export function ordinal(value: number): number {
  float[0] = value
  return bits[0]! & 0x80000000 ? -(bits[0]! & 0x7fffffff) : bits[0]!
}
function fromOrdinal(order: number): number {
  bits[0] = order < 0 ? -order + 0x80000000 : order
  return float[0]!
}

/**
 * For ascending float32 `values`: thresholds t with "the nearest value of x is values[i] or a later one" ⇔ x > t[i − 1],
 * where distances are float32 and the first of equals wins, bit for bit like argmin(|x − values|).
 */
export function nearestThresholds(values: Float32Array): Float32Array {
  const thresholds = new Float32Array(values.length - 1)
  for (let i = 0; i < thresholds.length; i++) {
    const [a, b] = [values[i]!, values[i + 1]!]
    let [low, high] = [ordinal(a), ordinal(b)]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      const x = fromOrdinal(middle)
      if (Math.fround(x - a) <= Math.fround(b - x)) low = middle
      else high = middle
    }
    thresholds[i] = fromOrdinal(low)
  }
  return thresholds
}

/** Of equally near values, the first (bitsandbytes' reference, argmin of the distances). */
export const nf4Book: CodeBook = {
  values: nf4Values,
  codes: Array.from(nf4Values, (_, code) => code),
  thresholds: nearestThresholds(nf4Values),
  zero: 7,
}
