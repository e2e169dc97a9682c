// A part of the rows that stands for all.
import { shuffled } from './random'

/** A seeded sample of `count` rows, in their order; all of them if there are no more. */
export function sampleRows(rows: Int32Array, count: number, seed = 0): Int32Array {
  if (count >= rows.length) return rows
  return shuffled(rows.length, seed)
    .slice(0, count)
    .sort()
    .map((place) => rows[place])
}
