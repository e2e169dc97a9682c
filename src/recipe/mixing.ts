// Files of new rows with rows of earlier data mixed in, as the page and the command line do it.
import { columnRoles } from '../config/data-options'
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { ReadHow } from '../config/read-how'
import { isGenerated } from '../config/recipe'
import type { ReplayOfData } from '../config/recipe-of-data'
import type { DataSource } from '../data/data-source'
import type { Mapping } from '../data/row'
import { splitRows } from '../data/split'
import { readFile } from './read'
import { type Mixed, mixed } from './replay'
import type { WorkRow } from './row'
import { mappingOf } from './words'
import { jsonlPieces } from './write'

interface Mixing {
  fresh: DataSource
  /** Held-out rows of the new data; absent = some of `fresh` are held out. */
  evaluation?: DataSource
  old: DataSource
  /** Held-out rows of the earlier data. None of them is mixed in. */
  oldEvaluation?: DataSource
  /** Old rows for each new one. */
  share: number
  holdOut: number
  seed: number
  /** How the new files are read; absent = that is guessed, as for the old ones. */
  how?: ReadHow
  /** Lines that are not rows are left out. */
  skipBad: boolean
}

interface MixedFiles {
  name: string
  train: Generator<Uint8Array<ArrayBuffer>>
  /** The name of the held-out rows, and the rows; absent = there are none. */
  evalName: string
  evaluation?: Generator<Uint8Array<ArrayBuffer>>
  replay: ReplayOfData
  /** What a person should know. */
  notes: Phrase[]
}

/** Old rows for each new one, if nothing else is said. */
export const usualShare = 0.2

/** @throws FormatError if lines are not rows, and nobody has agreed to leave them out */
async function rowsOf(source: DataSource, skipBad: boolean, how?: ReadHow): Promise<WorkRow[]> {
  const { rows, report } = await readFile(source, 'train', { how })
  const [first] = report.problems
  if (first && !skipBad)
    throw new FormatError(
      say`${source.name}: expected a row on every line, got ${report.problemCount} that are not (line ${first.line}: ${first.reason}). Correct them, or leave them out with --skip-bad.`,
    )
  return rows
}

const columnsIn = ({ format, columns }: Mapping): string => `${format} (${columnRoles.flatMap((role) => columns[role] ?? []).join(', ')})`

/** @throws FormatError if the old rows are read in another way than the new ones, as far as the columns say */
function checkColumns(fresh: readonly WorkRow[], old: readonly WorkRow[]): void {
  const [wanted, found] = [fresh, old].map((rows) => mappingOf(rows.slice(0, 100))).map((mapping) => mapping && columnsIn(mapping))
  if (wanted !== undefined && found !== undefined && wanted !== found)
    throw new FormatError(
      say`older rows: expected rows like the new ones, ${wanted}, got ${found}. Rename the columns with the step map-columns of a recipe.`,
    )
}

/** `rows` without those that are held out, and those. Only rows of files and people are held out. */
function heldOut(rows: readonly WorkRow[], share: number, seed: number): { train: WorkRow[]; held: WorkRow[] } {
  const split = splitRows(rows.length, share, seed, (row) => !isGenerated(rows[row].origin))
  const at = (places: Int32Array): WorkRow[] => Array.from(places, (place) => rows[place])
  return { train: at(split.train), held: at(split.eval) }
}

function mixNotes(name: string, all: number, { replayed, wanted, leaks, known }: Mixed): Phrase[] {
  return [
    replayed < wanted
      ? say`${name}: ${replayed} of ${all} rows mixed in, fewer than the ${wanted} that were asked for.`
      : say`${name}: ${replayed} of ${all} rows mixed in.`,
    ...(leaks > 0 ? [say`${name}: rows that are not mixed in because they are held out: ${leaks}.`] : []),
    ...(known > 0 ? [say`${name}: rows that are not mixed in because the new rows ask the same: ${known}.`] : []),
  ]
}

/** Mixes rows of `old` in. Held-out rows are held out before. @throws FormatError */
export async function mixFiles({ fresh, evaluation, old, oldEvaluation, share, holdOut, seed, how, skipBad }: Mixing): Promise<MixedFiles> {
  const all = await rowsOf(fresh, skipBad, how)
  const { train, held } = evaluation ? { train: all, held: await rowsOf(evaluation, skipBad, how) } : heldOut(all, holdOut, seed)
  const oldRows = await rowsOf(old, skipBad)
  checkColumns(all, oldRows)
  const heldSets = [held, ...(oldEvaluation ? [await rowsOf(oldEvaluation, skipBad)] : [])]
  const mix = await mixed({ fresh: train, old: oldRows, held: heldSets, share, seed })
  return {
    name: `${fresh.name} + ${old.name}`,
    train: jsonlPieces(mix.rows, 'train'),
    evalName: evaluation?.name ?? `${fresh.name}, held out`,
    ...(held.length && { evaluation: jsonlPieces(held, 'train') }),
    replay: { name: old.name, rows: mix.replayed, share },
    notes: mixNotes(old.name, oldRows.length, mix),
  }
}
