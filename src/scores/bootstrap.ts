// How far a figure may be off because only some rows were asked, and whether two models differ by more than that (Efron and Tibshirani
// 1993, chapters 13 and 16: the percentile interval, and the paired bootstrap). Resamples know only the rows that were asked, so a few rows
// that score alike would leave no doubt. Intervals therefore allow for rows of a kind that was not asked (Clopper and Pearson 1934). Everything
// is seeded.
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

/** The largest share of all rows that may be of a kind of which `rows` rows have none, with 97.5 % confidence. */
const unseen = (rows: number): number => 1 - 0.025 ** (1 / rows)

/** The interval of the resamples, at least as wide as if all unseen rows had the least or the greatest value. */
function around(value: number, resampled: readonly number[], rows: number, [least, greatest]: readonly [number, number]): [number, number] {
  const [low, high] = middle(resampled)
  const share = unseen(rows)
  return [Math.min(low, value + share * (least - value)), Math.max(high, value + share * (greatest - value))]
}

/** The 95 % interval of each figure, which is a share or a mean of grades from 0 to 1. */
export function intervals(judged: Judged, seed = 0): Record<string, [number, number]> {
  const random = seededRandom(seed)
  const rows = judged.grades.length
  const figures = Array.from({ length: resamples }, () => judged.figures(drawn(random, rows)))
  const of = ([key, value]: [string, number]) =>
    [
      key,
      around(
        value,
        figures.map((each) => each[key]),
        rows,
        [0, 1],
      ),
    ] as const
  return Object.fromEntries(Object.entries(judged.figures()).map(of))
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
    const difference = allB[key] - allA[key]
    const apart = pairs.map(([left, right]) => right[key] - left[key])
    const interval = around(difference, apart, a.grades.length, [-1, 1])
    return { difference, interval, sure: interval[0] > 0 || interval[1] < 0 }
  }
  return Object.fromEntries(Object.keys(allA).map((key) => [key, of(key)]))
}
