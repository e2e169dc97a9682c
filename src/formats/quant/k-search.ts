// How K-quants find the scales of a sub-block: they try several and keep the one with the smallest error. Facts from ggml-quants.c
// (quantize_row_q4_K_ref, quantize_row_q5_K_ref, quantize_row_q6_K_ref and what they call). Each operation is rounded to float32 in
// ggml's order, so blocks have the bits of a build of ggml without fused multiply-adds.
import { readHalf, setHalf } from './half'
import { setKScales } from './k-scales'

const f = Math.fround
const magic = 12582912

/** The nearest integer, ties to even, of a float32 below 2²². */
const nearest = (x: number): number => f(x + magic) - magic

const clamp = (x: number, low: number, high: number): number => (x < low ? low : x > high ? high : x)

const [tenth, tiny] = [f(0.1), f(1e-15)]
const weights = new Float32Array(32)
const tried = new Uint8Array(32)
/** The scales and mins of a block, before they are rounded to 6 or 8 bits. */
const [scales, mins] = [new Float32Array(16), new Float32Array(8)]

/** What a search tries: codes from 0 to `top`, in `steps` steps of 0.1 from `first`. */
interface Search {
  top: number
  first: number
  steps: number
}

/** x ≈ scale · code − min for 32 weights at `from`, weighted by √mean(x²) + |x|. Sets `codes` and returns [scale, min]. */
function affine(x: Float32Array, from: number, codes: Uint8Array, { top, first, steps }: Search): [number, number] {
  let squares = 0
  for (let i = 0; i < 32; i++) squares = f(squares + f(x[from + i]! * x[from + i]!))
  const average = f(Math.sqrt(f(squares / 32)))
  let [low, high, sumW, sumX] = [x[from]!, x[from]!, 0, 0]
  for (let i = 0; i < 32; i++) {
    const value = x[from + i]!
    const w = f(average + Math.abs(value))
    weights[i] = w
    if (value < low) low = value
    if (value > high) high = value
    sumW = f(sumW + w)
    sumX = f(sumX + f(w * value))
  }
  if (low > 0) low = 0
  if (high === low) {
    codes.fill(0, from, from + 32)
    return [0, -low]
  }
  const inverse = f(top / f(high - low))
  let scale = f(1 / inverse)
  let best = 0
  for (let i = 0; i < 32; i++) {
    const code = clamp(nearest(f(inverse * f(x[from + i]! - low))), 0, top)
    codes[from + i] = code
    const off = f(f(f(scale * code) + low) - x[from + i]!)
    best = f(best + f(weights[i]! * f(off * off)))
  }
  for (let step = 0; step <= steps; step++) {
    const inverse = f(f(f(first + f(tenth * step)) + top) / f(high - low))
    let [sumL, sumLL, sumXL] = [0, 0, 0]
    for (let i = 0; i < 32; i++) {
      const code = clamp(nearest(f(inverse * f(x[from + i]! - low))), 0, top)
      tried[i] = code
      const wl = f(weights[i]! * code)
      sumL = f(sumL + wl)
      sumLL = f(sumLL + f(wl * code))
      sumXL = f(sumXL + f(wl * x[from + i]!))
    }
    const det = f(f(sumW * sumLL) - f(sumL * sumL))
    if (!(det > 0)) continue
    let newScale = f(f(f(sumW * sumXL) - f(sumX * sumL)) / det)
    let newLow = f(f(f(sumLL * sumX) - f(sumL * sumXL)) / det)
    if (newLow > 0) {
      newLow = 0
      newScale = f(sumXL / sumLL)
    }
    let error = 0
    for (let i = 0; i < 32; i++) {
      const off = f(f(f(newScale * tried[i]!) + newLow) - x[from + i]!)
      error = f(error + f(weights[i]! * f(off * off)))
    }
    if (error < best) {
      codes.set(tried, from)
      best = error
      scale = newScale
      low = newLow
    }
  }
  return [scale, -low]
}

/** x ≈ scale · (code − 32) for 16 weights, codes from 0 to 63, weighted by x². Sets `codes`, 0 where all weights are 0; returns the scale. */
function symmetric(x: Float32Array, codes: Uint8Array): number {
  let largest = 0
  for (let i = 0; i < 16; i++) if (Math.abs(x[i]!) > Math.abs(largest)) largest = x[i]!
  if (Math.abs(largest) < tiny) return 0
  let [scale, best] = [0, 0]
  // The first try is the scale that gives the largest weight the code −32; the others are up to 0.9 codes away.
  for (const step of [0, -9, -8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    const inverse = f(-f(32 + f(tenth * step)) / largest)
    let [sumXL, sumLL] = [0, 0]
    for (let i = 0; i < 16; i++) {
      const value = x[i]!
      const code = clamp(nearest(f(inverse * value)), -32, 31)
      tried[i] = code + 32
      const w = f(value * value)
      sumXL = f(sumXL + f(f(w * value) * code))
      sumLL = f(sumLL + f(f(w * code) * code))
    }
    if (step !== 0 && !(sumLL > 0 && f(sumXL * sumXL) > f(best * sumLL))) continue
    codes.set(tried.subarray(0, 16))
    scale = sumLL ? f(sumXL / sumLL) : 0
    best = f(scale * sumXL)
  }
  return scale
}

/**
 * Writes the first 16 bytes of a block of Q4_K or Q5_K for values[from …]: d, dmin, and the scales and mins of 6 bits.
 * @returns the 256 codes
 */
export function kBlock(values: Float32Array, from: number, bytes: Uint8Array, at: number, search: Search): Uint8Array {
  const x = values.subarray(from, from + 256)
  const codes = new Uint8Array(256)
  let [maxScale, maxMin] = [0, 0]
  for (let sub = 0; sub < 8; sub++) {
    const [scale, min] = affine(x, 32 * sub, codes, search)
    scales[sub] = scale
    mins[sub] = min
    maxScale = Math.max(maxScale, scale)
    maxMin = Math.max(maxMin, min)
  }
  const six = (value: number, max: number) => Math.min(63, max > 0 ? nearest(f(f(63 / max) * value)) : 0) & 255
  const small = [scales, mins].map((of, i) => Array.from({ length: 8 }, (_, sub) => six(of[sub]!, i === 0 ? maxScale : maxMin)))
  setKScales(bytes, at + 4, small[0]!, small[1]!)
  for (const [i, max] of [maxScale, maxMin].entries()) setHalf(bytes, at + 2 * i, f(max / 63))
  const [d, dmin] = [readHalf(bytes, at), readHalf(bytes, at + 2)]
  for (let sub = 0; sub < 8; sub++) {
    const scale = f(d * small[0]![sub]!)
    if (!scale) continue
    const min = f(dmin * small[1]![sub]!)
    for (let i = 32 * sub; i < 32 * sub + 32; i++) codes[i] = clamp(nearest(f(f(x[i]! + min) / scale)), 0, search.top)
  }
  return codes
}

/** The scales of a block of Q6_K, its d as a half, and its 256 codes from 0 to 63; nothing if all weights are 0. */
export function sixBitBlock(values: Float32Array, from: number): { d: number; scales: Int8Array; codes: Uint8Array } | undefined {
  let largest = 0
  const codes = new Uint8Array(256)
  for (let sub = 0; sub < 16; sub++) {
    const at = 16 * sub
    const scale = symmetric(values.subarray(from + at, from + at + 16), codes.subarray(at, at + 16))
    scales[sub] = scale
    if (Math.abs(scale) > Math.abs(largest)) largest = scale
  }
  if (Math.abs(largest) < tiny) return undefined
  const inverse = f(-128 / largest)
  const half = new Uint8Array(2)
  setHalf(half, 0, f(1 / inverse))
  const d = readHalf(half, 0)
  const small = Int8Array.from(scales, (scale) => Math.min(127, nearest(f(inverse * scale))))
  // Where a scale is rounded to 0, the codes of the search stay.
  for (let i = 0; i < 256; i++) {
    const scale = f(d * small[i >> 4]!)
    if (scale) codes[i] = clamp(nearest(f(values[from + i]! / scale)), -32, 31) + 32
  }
  return { d: half[0]! | (half[1]! << 8), scales: small, codes }
}
