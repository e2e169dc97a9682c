// What a step of a recipe is. A step is a file in `steps/` and a line in the registry.
import { type Field, type Settings, type SettingsOf, parseSettings } from '../config/field'
import type { Phrase } from '../config/phrase'
import type { WorkRow } from './row'
import type { Tally } from './tally'
import type { RowWords } from './words'

/** What a step works with besides its rows. */
export interface Work {
  /** Gets every row that the step drops, edits, adds or moves. */
  tally: Tally
  /** What each of the rows asks and answers, in the rows' order; undefined for a row that cannot be read. @throws FormatError if no column is understood */
  words(rows: readonly WorkRow[]): Promise<readonly (RowWords | undefined)[]>
  /** Tells the progress and lets other work through; to be awaited now and then. @throws Cancelled */
  pulse(done: number, of: number): Promise<void>
  /** What the recipe has for the step beside its settings. */
  data?: unknown
}

interface StepParts<F extends readonly Field[]> {
  name: string
  label: string
  help: string
  fields: F
  /** Whether taking the step again changes nothing. */
  idempotent: boolean
  /** Checks what the step needs beside its settings; absent = it needs nothing. @throws FormatError */
  data?: (value: unknown) => unknown
  /** Makes the rows after the step. Rows that stay are the same objects in the same order. @throws FormatError */
  apply(rows: readonly WorkRow[], settings: SettingsOf<F>, work: Work): Promise<WorkRow[]>
}

export interface RowStep {
  readonly name: string
  readonly label: string
  readonly help: string
  readonly fields: readonly Field[]
  readonly idempotent: boolean
  readonly data?: (value: unknown) => unknown
  /** @throws FormatError for settings that do not fit, and where the rows do not serve the step */
  apply(rows: readonly WorkRow[], settings: Settings, work: Work): Promise<WorkRow[]>
}

/** A step whose settings have the types of its fields. */
export function rowStep<const F extends readonly Field[]>(parts: StepParts<F>): RowStep {
  return { ...parts, apply: (rows, settings, work) => parts.apply(rows, parseSettings(parts.name, parts.fields, settings), work) }
}

/** How many rows are taken between two pulses. A pattern may need milliseconds for a row. */
const pulseRows = 20

/** Calls `each` for every row, and lets other work through. */
export async function forRows(
  rows: readonly WorkRow[],
  { pulse }: Pick<Work, 'pulse'>,
  each: (row: WorkRow, index: number) => void,
): Promise<void> {
  for (const [i, row] of rows.entries()) {
    if (i % pulseRows === 0) await pulse(i, rows.length)
    each(row, i)
  }
}

/** The rows that `why` gives no reason to drop. */
export async function dropRows(
  rows: readonly WorkRow[],
  work: Work,
  why: (row: WorkRow, index: number) => Phrase | undefined,
): Promise<WorkRow[]> {
  const kept: WorkRow[] = []
  await forRows(rows, work, (row, i) => {
    const reason = why(row, i)
    if (reason) work.tally.drop(row, reason)
    else kept.push(row)
  })
  return kept
}

/** Each row as `change` makes it; a row that comes back as the same object has not changed. */
export async function editRows(rows: readonly WorkRow[], work: Work, change: (row: WorkRow, index: number) => WorkRow): Promise<WorkRow[]> {
  const out: WorkRow[] = []
  await forRows(rows, work, (row, i) => {
    const after = change(row, i)
    if (after !== row) work.tally.edit(row, after)
    out.push(after)
  })
  return out
}
