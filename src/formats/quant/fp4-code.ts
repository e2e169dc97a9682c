// The sixteen values of bitsandbytes' FP4 (its functional.py, get_4bit_type): floats of 4 bits, divided by the largest.
import type { CodeBook } from './nf4-code'

const values = Float32Array.of(0, 0.0625, 8, 12, 4, 6, 2, 3, 0, -0.0625, -8, -12, -4, -6, -2, -3).map((v) => v / 12)
/** Without code 8, which is 0 too. */
const codes = Array.from(values, (_, code) => code)
  .filter((code) => code !== 8)
  .sort((a, b) => values[a]! - values[b]!)

/** A number in the middle becomes the lower value (bitsandbytes 0.50, backends/default/ops.py, quantize_4bit). */
export const fp4Book: CodeBook = {
  values,
  codes,
  thresholds: Float32Array.from(codes.slice(1), (code, i) => Math.fround(values[code]! + values[codes[i]!]!) / 2),
  zero: 0,
}
