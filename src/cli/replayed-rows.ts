// The rows of --data with some of --replay mixed in, in memory.
import { columnRoles, rowFields } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say, sentence } from '../config/phrase'
import type { ReadHow } from '../config/read-how'
import { isGenerated } from '../config/recipe'
import type { ReplayOfData } from '../config/run-reports'
import type { DataSource } from '../data/data-source'
import type { Mapping } from '../data/row'
import { splitRows } from '../data/split'
import { readFile } from '../recipe/read'
import { type Mixed, mixed } from '../recipe/replay'
import type { WorkRow } from '../recipe/row'
import { mappingOf } from '../recipe/words'
import { jsonlPieces } from '../recipe/write'
import { type DataOfCommand, dataOfCommand, inMemory } from './cleaned-rows'
import { readHowOf } from './data-options'
import { dataSource } from './files'
import type { Options } from './options'
import { tell } from './open'

interface DataOfRun extends DataOfCommand {
  replay?: ReplayOfData
}

const defaultShare = 0.2

/** @throws FormatError */
function shareOf(options: Options): number {
  const share = options.number('replay-share') ?? defaultShare
  if (!(share > 0 && share <= 100))
    throw new FormatError(
      say`--replay-share: expected a number of old rows for each new one, above 0 and at most 100, got ${share}. Correct it.`,
    )
  return share
}

/** @throws FormatError if lines are not rows, and nobody has agreed to leave them out */
async function rowsOf(source: DataSource, options: Options, how?: ReadHow): Promise<WorkRow[]> {
  const { rows, report } = await readFile(source, 'train', { how })
  const [first] = report.problems
  if (first && options.given(rowFields).skipBadLines !== true)
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
      say`--replay: expected rows like those of --data, ${wanted}, got ${found}. Rename the columns with the step map-columns of a recipe.`,
    )
}

/** `rows` without those that are held out, and those. Only rows of files and people are held out. */
function heldOut(rows: readonly WorkRow[], share: number, seed: number): { train: WorkRow[]; held: WorkRow[] } {
  const split = splitRows(rows.length, share, seed, (row) => !isGenerated(rows[row].origin))
  const at = (places: Int32Array): WorkRow[] => Array.from(places, (place) => rows[place])
  return { train: at(split.train), held: at(split.eval) }
}

/** --data and --eval as `dataOfCommand` gives them, with rows of --replay among those for training. Held-out rows are held out before. */
export async function dataOfRun(options: Options, { holdOut = 0, seed }: { holdOut?: number; seed: number }): Promise<DataOfRun> {
  const given = await dataOfCommand(options)
  const path = options.text('replay')
  if (path === undefined) {
    if (options.number('replay-share') !== undefined) throw new FormatError(say`--replay-share needs --replay FILE. Give both, or neither.`)
    return given
  }
  const [source, share, oldEval] = [await dataSource(path), shareOf(options), options.text('eval-old')]
  const how = given.jsonl ? undefined : readHowOf(options)
  const all = await rowsOf(given.data, options, how)
  const { train, held } = given.evaluation
    ? { train: all, held: await rowsOf(given.evaluation, options, how) }
    : heldOut(all, holdOut, seed)
  const old = await rowsOf(source, options)
  checkColumns(all, old)
  const heldSets = [held, ...(oldEval === undefined ? [] : [await rowsOf(await dataSource(oldEval), options)])]
  const mix = await mixed({ fresh: train, old, held: heldSets, share, seed })
  tell(mixLines(source.name, old.length, mix))
  const evalName = given.evaluation?.name ?? `${given.data.name}, held out`
  return {
    recipe: given.recipe,
    data: inMemory(`${given.data.name} + ${source.name}`, jsonlPieces(mix.rows, 'train')),
    evaluation: held.length ? inMemory(evalName, jsonlPieces(held, 'train')) : undefined,
    jsonl: true,
    replay: { name: source.name, rows: mix.replayed, share },
  }
}

function mixLines(name: string, all: number, { replayed, wanted, leaks, known }: Mixed): string[] {
  return [
    replayed < wanted
      ? say`${name}: ${replayed} of ${all} rows mixed in, fewer than the ${wanted} that were asked for.`
      : say`${name}: ${replayed} of ${all} rows mixed in.`,
    ...(leaks > 0 ? [say`${name}: rows that are not mixed in because they are held out: ${leaks}.`] : []),
    ...(known > 0 ? [say`${name}: rows that are not mixed in because the new rows ask the same: ${known}.`] : []),
  ].map((line) => sentence(line))
}
