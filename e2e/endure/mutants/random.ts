// Choices that are made from a seed.
import { randomNumbers } from '../../../src/testing/random'

export interface Dice {
  /** A whole number below `limit`. */
  below(limit: number): number
  one<T>(of: readonly T[]): T
}

export function dice(seed: number): Dice {
  const random = randomNumbers(Math.imul(seed, 0x9e3779b1))
  const below = (limit: number): number => Math.floor(random() * limit)
  return { below, one: (of) => of[below(of.length)]! }
}

/** Numbers over which readers have fallen: counts, sizes, offsets and ids. */
export const oddNumbers: readonly bigint[] = [
  0n,
  1n,
  2n,
  7n,
  0xffn,
  0x7fffn,
  0xffffn,
  65_536n,
  65_537n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 62n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 32n,
  2n ** 64n - 1n,
]
