// Seeded random numbers for starting values. The same seed gives the same adapter on every machine.

/** Uniform in [0, 1): sfc32 (Doty-Humphrey, PractRand), seeded by a string so that every tensor has its own stream. */
export function randomSource(seed: number, name: string): () => number {
  let [a, b, c, d] = [seed >>> 0, 0x9e3779b9, 0x243f6a88, 1]
  for (let i = 0; i < name.length; i++) b = Math.imul(b ^ name.charCodeAt(i), 0x01000193) >>> 0
  const next = () => {
    const t = (((a + b) >>> 0) + d) >>> 0
    d = (d + 1) >>> 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) >>> 0
    c = ((c << 21) | (c >>> 11)) >>> 0
    c = (c + t) >>> 0
    return t / 2 ** 32
  }
  for (let i = 0; i < 15; i++) next()
  return next
}

export function uniform(random: () => number, count: number, low: number, high: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, () => low + (high - low) * random())
}

/** A value of the standard normal distribution by Box and Muller (1958). */
export function standardNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

export function normal(random: () => number, count: number, deviation: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, () => deviation * standardNormal(random))
}
