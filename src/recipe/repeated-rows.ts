// Rows that are left out, or there several times.
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { WorkRow } from './row'
import { type Work, forRows } from './step'

/** Rows that a step may add. */
export const mostAdded = 1_000_000

/** The rows, each as often as `times` says. Copies follow their row. `why` says why a row is left out. @throws FormatError */
export async function repeatedRows(
  step: string,
  rows: readonly WorkRow[],
  times: ArrayLike<number>,
  work: Work,
  why: Phrase,
): Promise<WorkRow[]> {
  const added = Array.from(times, (n) => Math.max(0, n - 1)).reduce((sum, n) => sum + n, 0)
  if (added > mostAdded)
    throw new FormatError(
      say`${step}: expected to add at most ${mostAdded} copies, got ${added}. Set a smaller number, or take this step on fewer rows.`,
    )
  const out: WorkRow[] = []
  await forRows(rows, work, (row, i) => {
    if (times[i] === 0) work.tally.drop(row, why)
    else out.push(row)
    for (let n = 1; n < times[i]; n++) {
      const copy = { ...row }
      work.tally.add(copy, say`It is a copy.`, row)
      out.push(copy)
    }
  })
  return out
}
