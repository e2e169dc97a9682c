// Chooses the next token from logits.
import type { Sampling } from '../config/sampling-fields'
import { argmax, penalised, tokenWeights } from './token-weights'

/** mulberry32: a small seeded generator of random numbers, uniform in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** How likely the model holds each token to be: softmax of the logits (at temperature 1), in float64. */
function probabilities(logits: Float32Array): (id: number) => number {
  const highest = logits[argmax(logits)]
  let total = 0
  for (const z of logits) total += Math.exp(z - highest)
  return (id) => Math.exp(logits[id] - highest) / total
}

/** How likely the model holds one token to be. */
export const probabilityOf = (logits: Float32Array, id: number): number => probabilities(logits)(id)

/** The `count` tokens that the model holds to be most likely, in that order, with their probabilities. */
export function likeliest(logits: Float32Array, count: number): { id: number; probability: number }[] {
  const top: number[] = []
  for (let id = 0; id < logits.length; id++) {
    if (top.length === count && logits[id] <= logits[top[count - 1]]) continue
    const place = top.findIndex((other) => logits[id] > logits[other])
    top.splice(place < 0 ? top.length : place, 0, id)
    top.length = Math.min(top.length, count)
  }
  const of = probabilities(logits)
  return top.map((id) => ({ id, probability: of(id) }))
}

/**
 * A function that chooses a token: the most likely one at temperature 0, else one drawn from the tokens that the settings leave. `seen` are
 * the tokens of the prompt and of the answer so far, for the repetition penalty.
 */
export function sampler(sampling: Sampling, seed: number): (logits: Float32Array, seen: Iterable<number>) => number {
  const random = seeded(seed)
  return (logits, seen) => {
    const values = penalised(logits, sampling.repetitionPenalty, seen)
    if (sampling.temperature <= 0) return argmax(values)
    const weights = tokenWeights(values, sampling)
    let total = 0
    for (const weight of weights) total += weight
    let left = random() * total
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i]
      if (left <= 0 && weights[i] > 0) return i
    }
    return argmax(values)
  }
}
