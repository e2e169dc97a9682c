// A sample of the rows for a map: which rows, and their words as a table shows them.
import type { Origin, Part } from '../config/recipe'
import { shuffled } from '../data/random'
import { pageOf } from './look'
import type { WorkRow } from './row'
import { rowKey } from './row-key'

interface SampledRow {
  /** What a step drops it by (see `rowKey`). */
  key: string
  origin: Origin
  part: Part
  /** One for each column of the sample. */
  cells: readonly string[]
}

export interface RowSample {
  /** Number of all rows. */
  total: number
  columns: readonly string[]
  rows: readonly SampledRow[]
}

/** `count` of the rows, or all if there are fewer, in their order. The seed decides which. */
export function sampledRows(rows: readonly WorkRow[], count: number, seed: number): WorkRow[] {
  return Array.from(shuffled(rows.length, seed).subarray(0, count).sort(), (place) => rows[place])
}

/** The sample as a table. */
export async function sampleOfRows(all: readonly WorkRow[], sampled: readonly WorkRow[]): Promise<RowSample> {
  const { columns, rows } = pageOf(
    sampled,
    sampled.length,
    sampled.map((_, i) => i),
  )
  const keys = await Promise.all(sampled.map((row) => rowKey(row)))
  return { total: all.length, columns, rows: rows.map(({ origin, part, cells }, i) => ({ key: keys[i], origin, part, cells })) }
}
