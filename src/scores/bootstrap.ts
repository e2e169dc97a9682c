// How far a figure may be off because only some rows were asked, and whether two models differ by more than that (Efron and Tibshirani
// 1993, chapters 13 and 16: the percentile interval, and the paired bootstrap). Everything is seeded.
import { seededRandom } from '../data/random'
import type { Judged } from './score'

const resamples = 1000

/** Rows drawn with replacement. */
function drawn(random: () => number, rows: number): Int32Array {
  return Int32Array.from({ length: rows }, () => Math.floor(random() * rows))
}

/** The values between which 95 % of the resamples are. */
function middle(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return [at(0.025), at(0.975)]
}

/** The 95 % interval of each figure. */
export function intervals(judged: Judged, seed = 0): Record<string, [number, number]> {
  const random = seededRandom(seed)
  const figures = Array.from({ length: resamples }, () => judged.figures(drawn(random, judged.grades.length)))
  return Object.fromEntries(Object.keys(judged.figures()).map((key) => [key, middle(figures.map((each) => each[key]))]))
}

/** b's figure minus a's. `sure`: the interval does not contain 0, so the difference is more than chance. */
interface Difference {
  difference: number
  interval: [number, number]
  sure: boolean
}

/** How two judgements of the same rows differ, by figure. */
export function differences(a: Judged, b: Judged, seed = 0): Record<string, Difference> {
  const random = seededRandom(seed)
  const [allA, allB] = [a.figures(), b.figures()]
  const pairs = Array.from({ length: resamples }, () => {
    const chosen = drawn(random, a.grades.length)
    return [a.figures(chosen), b.figures(chosen)] as const
  })
  const of = (key: string): Difference => {
    const interval = middle(pairs.map(([left, right]) => right[key] - left[key]))
    return { difference: allB[key] - allA[key], interval, sure: interval[0] > 0 || interval[1] < 0 }
  }
  return Object.fromEntries(Object.keys(allA).map((key) => [key, of(key)]))
}
