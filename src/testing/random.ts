// Numbers for tests: the same for the same seed, on every machine.

/** Uniform numbers in [0, 1) (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Normal values (Box & Muller 1958), rounded to float32 as the GPU will see them. */
export function normals(seed: number, count: number, deviation = 1): Float32Array<ArrayBuffer> {
  const random = randomNumbers(seed)
  return Float32Array.from({ length: count }, () => deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
}

/** Whole numbers in [0, below). */
export function integers(seed: number, count: number, below: number): Uint32Array<ArrayBuffer> {
  const random = randomNumbers(seed)
  return Uint32Array.from({ length: count }, () => Math.floor(random() * below))
}
