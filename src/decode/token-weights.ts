// The weights of tokens, in the order of transformers' logits processors (GenerationMixin): repetition penalty, temperature, top-k, top-p,
// min-p. All sums are in float64.
import type { Sampling } from '../config/sampling-fields'

type Logits = Float32Array | Float64Array

/** The place of the highest value, the first one of equal ones. */
export function argmax(values: Logits): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i
  return best
}

/** Logits in which each token of `seen` is divided by the penalty where positive, and multiplied where negative (CTRL, section 4.1). */
export function penalised(logits: Logits, penalty: number, seen: Iterable<number>): Logits {
  if (penalty === 1) return logits
  const out = Float64Array.from(logits)
  for (const id of new Set(seen)) if (id < out.length) out[id] = out[id] < 0 ? out[id] * penalty : out[id] / penalty
  return out
}

/** The k-th largest value. */
function kthLargest(values: Logits, k: number): number {
  if (k >= values.length) return -Infinity
  // The k largest so far, ascending. Few of many values enter it.
  const top = new Float64Array(k).fill(-Infinity)
  for (const value of values) {
    if (value <= top[0]) continue
    let [low, high] = [0, k]
    while (low < high) {
      const middle = (low + high) >> 1
      if (top[middle] < value) low = middle + 1
      else high = middle
    }
    top.copyWithin(0, 1, low)
    top[low - 1] = value
  }
  return top[0]
}

/** Sets weights outside the smallest set of the largest ones whose share reaches `topP` to 0 (nucleus sampling). The largest stays. */
function keepNucleus(weights: Float64Array, topP: number): void {
  if (topP >= 1) return
  let total = 0
  for (const weight of weights) total += weight
  // All tokens below this weight together have less than 1 - topP, so none of them is in the set, and few are left to sort.
  const least = (total * (1 - topP)) / weights.length
  const likely: number[] = []
  for (let i = 0; i < weights.length; i++) if (weights[i] >= least && weights[i] > 0) likely.push(i)
  likely.sort((a, b) => weights[b] - weights[a] || a - b)
  const kept = new Set<number>()
  let sum = 0
  for (const i of likely) {
    if (kept.size && sum >= topP * total) break
    kept.add(i)
    sum += weights[i]
  }
  for (let i = 0; i < weights.length; i++) if (!kept.has(i)) weights[i] = 0
}

/** The weight of each token, in proportion to its probability of being drawn; the most likely one has 1. */
export function tokenWeights(logits: Logits, { temperature, topK, topP, minP }: Sampling): Float64Array {
  const highest = logits[argmax(logits)]
  const lowest = topK > 0 ? kthLargest(logits, topK) : -Infinity
  const weights = new Float64Array(logits.length)
  for (let i = 0; i < logits.length; i++) if (logits[i] >= lowest) weights[i] = Math.exp((logits[i] - highest) / temperature)
  keepNucleus(weights, topP)
  if (minP > 0) for (let i = 0; i < weights.length; i++) if (weights[i] < minP) weights[i] = 0
  return weights
}
