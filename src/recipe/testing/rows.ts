// Rows and steps for tests.
import type { Part, RecipeStep, StepReport } from '../../config/recipe'
import type { Settings } from '../../config/field'
import type { Row } from '../../data/row'
import { RecipeRun } from '../apply'
import { type WorkRow, fileRow } from '../row'

/** Rows of a file, in its order. */
export const rowsOf = (values: readonly Row[], part: Part = 'train', file = 'f.jsonl'): WorkRow[] =>
  values.map((value, i) => fileRow(value, file, i + 1, part))

export const pairsOf = (
  pairs: readonly (readonly [prompt: string, completion: string])[],
  part: Part = 'train',
  file?: string,
): WorkRow[] =>
  rowsOf(
    pairs.map(([prompt, completion]) => ({ prompt, completion })),
    part,
    file,
  )

/** What one step makes of the rows. */
export async function taken(
  rows: readonly WorkRow[],
  step: string,
  settings: Settings = {},
): Promise<{ rows: readonly WorkRow[]; report: StepReport }> {
  const steps: RecipeStep[] = [{ step, settings }]
  const { rows: after, reports } = await new RecipeRun(rows).apply(steps)
  return { rows: after, report: reports[0] }
}

/** The lines of the file that are left. */
export const linesOf = (rows: readonly WorkRow[]): (number | undefined)[] => rows.map(({ origin }) => origin.line)
