import { FormatError } from '../../config/errors'
import { stringifyJson } from '../../config/exact-json'
import type { SettingsOf } from '../../config/field'
import { say } from '../../config/phrase'
import { type Part, isGenerated } from '../../config/recipe'
import { checkColumn, columnKey } from '../columns'
import { comparedText } from '../compared-text'
import type { WorkRow } from '../row'
import { foldOf, shareOf, unitsOf } from '../split-units'
import { splitFields } from '../split-fields'
import { type Work, forRows, rowStep } from '../step'
import type { RowWords } from '../words'

type SplitSettings = SettingsOf<typeof splitFields>
type Words = readonly (RowWords | undefined)[]

export const split = rowStep({
  name: 'split',
  label: 'Split',
  help: 'Chooses rows for evaluation. Generated rows are always for training.',
  fields: splitFields,
  // A share of the rows that the first split left for training is another one.
  idempotent: false,
  async apply(rows, settings, work) {
    if (settings.together === 'column') checkColumn('split', rows, settings.column)
    if (settings.evenly === 'column') checkColumn('split', rows, settings.evenlyColumn)
    const needsWords = settings.together === 'prompt' || settings.evenly === 'answer' || settings.evenly === 'length'
    const words = needsWords ? await work.words(rows) : []
    const groups = await groupsOf(rows, words, settings, work)
    const held = await heldGroups(rows, words, groups, settings, work)
    return withParts(rows, groups, held, work)
  },
})

/** The line that a row is from, or was made from. Two files may have the same name, so several rows may be from it. */
const sourceOf = ({ origin: { file, line } }: WorkRow): string => `${line ?? ''} ${file ?? ''}`

/** The group of each row. Equal rows are always together, and so is a generated row with the row that it was made from. */
async function groupsOf(rows: readonly WorkRow[], words: Words, { together, column }: SplitSettings, work: Work): Promise<string[]> {
  const keyOf = (row: WorkRow, i: number): string => {
    if (together === 'prompt' && words[i]?.prompt) return comparedText(words[i].prompt, { spaces: true, ignoreCase: true })
    if (together === 'file') return row.origin.file ?? ''
    return (together === 'column' ? columnKey(row, column) : undefined) ?? stringifyJson(row.value)
  }
  const groups: string[] = []
  const bySource = new Map<string, string>()
  await forRows(rows, work, (row, i) => {
    groups.push(keyOf(row, i))
    if (!isGenerated(row.origin)) bySource.set(sourceOf(row), groups[i])
  })
  await forRows(rows, work, (row, i) => {
    if (isGenerated(row.origin)) groups[i] = bySource.get(sourceOf(row)) ?? groups[i]
  })
  return groups
}

/** The groups whose rows are for evaluation. */
async function heldGroups(
  rows: readonly WorkRow[],
  words: Words,
  groups: readonly string[],
  settings: SplitSettings,
  { pulse }: Work,
): Promise<ReadonlySet<string>> {
  const { way, share, folds, fold, seed } = settings
  const kept = new Set(groups.filter((_, i) => settings.keep && rows[i].part === 'evaluation' && !isGenerated(rows[i].origin)))
  const groupOf = (i: number): string | undefined => (isGenerated(rows[i].origin) || kept.has(groups[i]) ? undefined : groups[i])
  if (way === 'file') {
    const files = wantedFiles(rows, settings.files)
    const named = groups.filter((_, i) => groupOf(i) !== undefined && files.has(rows[i].origin.file ?? ''))
    return new Set([...kept, ...named])
  }
  if (way === 'fold' && fold > folds)
    throw new FormatError(say`split: expected a fold from 1 to ${folds}, the number of folds, got ${fold}. Choose another fold.`)
  const stratumOf = strata(rows, words, settings)
  const units = await unitsOf({ count: rows.length, groupOf, stratumOf, seed, pause: () => pulse(0, rows.length) })
  const held = way === 'share' ? shareOf(units, share) : foldOf(units, folds, fold - 1)
  return new Set([...kept, ...held.map((unit) => groups[unit.rows[0]])])
}

/** The files that a person named. @throws FormatError for one that no row is from */
function wantedFiles(rows: readonly WorkRow[], text: string): ReadonlySet<string> {
  const files = text.split('\n').map((name) => name.trim())
  const wanted = new Set(files.filter((name) => name !== ''))
  const known = new Set(rows.map(({ origin }) => origin.file ?? ''))
  const missing = [...wanted].find((name) => !known.has(name))
  if (rows.length && (missing !== undefined || !wanted.size))
    throw new FormatError(
      say`split: expected names of files (${[...known].slice(0, 20).join(', ')}), got ${missing ?? say`none`}. Write one name per line.`,
    )
  return wanted
}

/** What evaluation gets an equal share of. */
function strata(rows: readonly WorkRow[], words: Words, { evenly, evenlyColumn }: SplitSettings): (i: number) => string {
  if (evenly === 'answer') return (i) => words[i]?.answer ?? ''
  if (evenly === 'column') return (i) => columnKey(rows[i], evenlyColumn) ?? ''
  if (evenly === 'none') return () => ''
  const lengths = Float64Array.from(words, (each) => (each ? each.prompt.length + each.answer.length : 0))
  const sorted = lengths.toSorted()
  const quarters = [0.25, 0.5, 0.75].map((part) => sorted[Math.floor(part * sorted.length)])
  return (i) => String(quarters.filter((bound) => lengths[i] >= bound).length)
}

/** Moves rows to their parts. A generated row is dropped if its group, or a row that it may be made from, is for evaluation. */
async function withParts(rows: readonly WorkRow[], groups: readonly string[], held: ReadonlySet<string>, work: Work): Promise<WorkRow[]> {
  const { tally } = work
  const isHeldSource = ({ origin }: WorkRow, i: number): boolean => origin.file !== undefined && !isGenerated(origin) && held.has(groups[i])
  const heldSources = new Set(rows.filter(isHeldSource).map(sourceOf))
  const out: WorkRow[] = []
  await forRows(rows, work, (row, i) => {
    const isHeld = held.has(groups[i]) || (isGenerated(row.origin) && heldSources.has(sourceOf(row)))
    const part: Part = isHeld ? 'evaluation' : 'train'
    if (part === 'evaluation' && isGenerated(row.origin))
      return tally.drop(row, say`It was generated, and rows of its group are for evaluation.`)
    if (part === row.part) return void out.push(row)
    const moved = { ...row, part }
    tally.move(moved, part === 'train' ? say`It is for training now.` : say`It is for evaluation now.`)
    out.push(moved)
  })
  return out
}
