// AdamW with 8-bit states in float64, from its definition (arXiv 2110.02861, sections 2 and 3). It compares all 256 values one by one.
import type { AdamWSettings } from './optimizer'

/** A block of at most 256 values of one tensor, and its stored states. */
export interface Block {
  values: Float64Array
  meanCodes: Uint8Array
  squareCodes: Uint8Array
  meanLargest: number
  squareLargest: number
}

interface Maps {
  signed: ArrayLike<number>
  unsigned: ArrayLike<number>
}

/** The stored states after a step, and the relative distance of each scaled value from the border between two codes. */
interface Stepped extends Block {
  meanMargins: Float64Array
  squareMargins: Float64Array
}

function nearest(x: number, map: ArrayLike<number>): { code: number; margin: number } {
  let code = 0
  for (let i = 1; i < 256; i++) if (Math.abs(x - map[i]) < Math.abs(x - map[code])) code = i
  const borders = [code - 1, code + 1].filter((i) => i >= 0 && i < 256).map((i) => Math.abs(x - (map[i] + map[code]) / 2))
  return { code, margin: Math.min(...borders) / Math.abs(x || 1) }
}

/** One step of a block. `gradients` are already clipped; `rate` is the factor of the learning rate. */
export function adamW8Reference(
  block: Block,
  gradients: ArrayLike<number>,
  s: AdamWSettings,
  step: number,
  { rate, decay }: { rate: number; decay: boolean },
  maps: Maps,
): Stepped {
  const n = block.values.length
  const mean = new Float64Array(n)
  const square = new Float64Array(n)
  const values = block.values.slice()
  const eta = s.learningRate * rate
  for (let i = 0; i < n; i++) {
    mean[i] = s.beta1 * block.meanLargest * maps.signed[block.meanCodes[i]] + (1 - s.beta1) * gradients[i]
    square[i] = s.beta2 * block.squareLargest * maps.unsigned[block.squareCodes[i]] + (1 - s.beta2) * gradients[i] ** 2
    const corrected = Math.sqrt(square[i] / (1 - s.beta2 ** step)) + s.epsilon
    values[i] -= (decay ? eta * s.weightDecay * values[i] : 0) + (eta * (mean[i] / (1 - s.beta1 ** step))) / corrected
  }
  const meanLargest = mean.reduce((most, m) => Math.max(most, Math.abs(m)), 0)
  const squareLargest = square.reduce((most, v) => Math.max(most, v), 0)
  const coded = (v: number, largest: number, map: ArrayLike<number>) => nearest(largest ? v / largest : 0, map)
  const means = Array.from(mean, (m) => {
    const found = coded(m, meanLargest, maps.signed)
    // A mean never changes its sign (as in bitsandbytes' kernels): a negative one keeps at least the smallest negative value.
    return maps.signed[found.code] === 0 && m < 0 ? { ...found, code: found.code - 1 } : found
  })
  const squares = Array.from(square, (v) => coded(v, squareLargest, maps.unsigned))
  return {
    values,
    meanCodes: Uint8Array.from(means, (c) => c.code),
    squareCodes: Uint8Array.from(squares, (c) => c.code),
    meanLargest,
    squareLargest,
    meanMargins: Float64Array.from(means, (c) => c.margin),
    squareMargins: Float64Array.from(squares, (c) => c.margin),
  }
}
