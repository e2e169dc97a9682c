// Chooses the next token from logits.

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

function argmax(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i
  return best
}

/** How likely the model holds a token to be: softmax of the logits (at temperature 1), in float64. */
export function probabilityOf(logits: Float32Array, id: number): number {
  const highest = logits[argmax(logits)]
  let total = 0
  for (const z of logits) total += Math.exp(z - highest)
  return Math.exp(logits[id] - highest) / total
}

/** A function that chooses a token: the most likely one at temperature 0, else one drawn from softmax(logits / temperature). */
export function sampler(temperature: number, seed: number): (logits: Float32Array) => number {
  if (temperature <= 0) return argmax
  const random = seeded(seed)
  return (logits) => {
    const highest = logits[argmax(logits)]
    let total = 0
    for (const z of logits) total += Math.exp((z - highest) / temperature)
    let left = random() * total
    for (let i = 0; i < logits.length; i++) {
      left -= Math.exp((logits[i] - highest) / temperature)
      if (left <= 0) return i
    }
    return argmax(logits)
  }
}
