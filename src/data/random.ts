// A small seeded generator: the same seed gives the same order everywhere.

/** Uniform numbers in [0, 1) from a 32-bit seed (splitmix32: a Weyl sequence through MurmurHash3's finaliser). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32
  }
}

/** 0 … count-1 in an order that the seed decides (Fisher–Yates); `stream` gives other orders for the same seed. */
export function shuffled(count: number, seed: number, stream = 0): Int32Array {
  const random = seededRandom((seed ^ Math.imul(stream + 1, 0x9e3779b1)) >>> 0)
  const order = Int32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order
}
