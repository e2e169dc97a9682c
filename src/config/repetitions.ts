// What follows from several rows of a comparison together: the share of full fine-tuning's gain, and means over seeds with their spread.
import { type ComparisonColumn, type ComparisonRow, type TableColumn, columnsFor, valueOf } from './comparison'
import { type Phrase, say } from './phrase'
import { plainValue } from './metrics'
import { secondsTo } from './stability'

/** The loss per trained token, from the perplexity. */
const lossOf = ({ finalPerplexity }: ComparisonRow): number | undefined =>
  finalPerplexity === undefined ? undefined : Math.log(finalPerplexity)

const sameBase = (a: ComparisonRow, b: ComparisonRow): boolean => a.model === b.model && a.base === b.base && a.task === b.task

/** How much a row lowered the loss of its base; undefined where either was not measured. */
function gainOf(row: ComparisonRow, rows: readonly ComparisonRow[]): number | undefined {
  const base = rows.find((other) => other.method === 'base' && sameBase(row, other) && other.finalPerplexity !== undefined)
  const [before, after] = [base && lossOf(base), lossOf(row)]
  return before === undefined || after === undefined ? undefined : before - after
}

/** Rows with their share of full fine-tuning's gain, if full fine-tuning of the same model is among them and gained something. */
function withGain<R extends ComparisonRow>(rows: readonly R[]): R[] {
  return rows.map((row) => {
    if (row.method === 'base' || row.method === 'answers') return row
    const full = rows
      .filter((other) => other.method === 'full' && other.model === row.model && other.task === row.task)
      .map((each) => gainOf(each, rows) ?? 0)
    const [gain, most] = [gainOf(row, rows), Math.max(0, ...full)]
    return gain === undefined || !(most > 0) ? row : { ...row, gainShare: gain / most }
  })
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The standard deviation between seeds, with n − 1. */
function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}

/** The mean of rows that differ only in their seed, with the spread of every column that can differ. */
function meanRow(rows: readonly ComparisonRow[]): ComparisonRow {
  const [{ method, group, model, base, task, scores }] = rows
  const out: ComparisonRow = { method, variant: `${group}, mean of ${rows.length} seeds`, group, model, base, task, seeds: rows.length }
  const spread: Record<string, number> = {}
  const means = new Map<ComparisonColumn, number>()
  for (const { key, form, fixed } of columnsFor(rows)) {
    const values = rows.map((row) => valueOf(row, key)).filter((value) => typeof value === 'number')
    if (!form || values.length < rows.length) continue
    means.set(key, mean(values))
    if (!fixed) spread[key] = deviation(values)
  }
  const ofScores = scores?.flatMap(({ key, label, form }) => {
    const value = means.get(key === 'exactMatch' ? key : `score.${key}`)
    return value === undefined ? [] : [{ key, label, form, value }]
  })
  const numbers = Object.fromEntries([...means].filter(([key]) => !key.startsWith('score.')))
  return { ...out, ...numbers, ...(ofScores && { scores: ofScores }), spread }
}

/** The mean of each group of rows that was trained with several seeds, after its last row. */
function withMeans<R extends ComparisonRow>(rows: readonly R[]): (R | ComparisonRow)[] {
  const keyOf = ({ group, model, base }: ComparisonRow): string => JSON.stringify([group, model, base])
  const done = (row: ComparisonRow): boolean => row.group !== undefined && row.problem === undefined && row.finalPerplexity !== undefined
  return rows.flatMap((row, i) => {
    const group = rows.filter((other) => done(other) && keyOf(other) === keyOf(row))
    const last = rows.findLastIndex((other) => keyOf(other) === keyOf(row)) === i
    return last && row.group !== undefined && group.length > 1 ? [row, meanRow(group)] : [row]
  })
}

function words({ metric, form }: TableColumn, value: number): string {
  if (metric) return plainValue(metric, value)
  return form === 'share' ? `${(value * 100).toFixed(1)} %` : value.toFixed(3)
}

/**
 * What the spread between seeds says about the best of several means: the difference to another one is no larger than the larger of their
 * two standard deviations. One sentence for each such pair, in the row of the other one.
 */
function closeNotes(rows: readonly ComparisonRow[], column: TableColumn): Map<ComparisonRow, Phrase> {
  const notes = new Map<ComparisonRow, Phrase>()
  const { key, better, head } = column
  const value = (row: ComparisonRow): number => Number(valueOf(row, key))
  const means = rows.filter((row) => row.seeds !== undefined && Number.isFinite(value(row)))
  const [best, ...others] = means.toSorted((a, b) => (better === 'higher' ? value(b) - value(a) : value(a) - value(b)))
  for (const other of others) {
    const difference = Math.abs(value(best) - value(other))
    const spread = Math.max(best.spread?.[key] ?? 0, other.spread?.[key] ?? 0)
    if (difference > spread || spread === 0) continue
    notes.set(
      other,
      say`${other.group} and ${best.group}: their difference in ${head} (${words(column, difference)}) is not larger than the spread between seeds (${words(column, spread)}), so it may be chance.`,
    )
  }
  return notes
}

/** Columns that runs are ranked by: the held-out perplexity, or that per character, and the first figure of the scores. */
function rankingOf(rows: readonly ComparisonRow[]): TableColumn[] {
  const columns = columnsFor(rows)
  const perplexity = columns.find(({ key }) => key === 'finalPerplexity') ?? columns.find(({ key }) => key === 'characterPerplexity')
  return [perplexity, columns.find(({ score }) => score)].filter((column) => column !== undefined)
}

interface Wanted {
  /** The perplexity for the column of the time until it was reached. */
  targetPerplexity?: number
}

/**
 * The rows with everything that follows from them: time to a perplexity, final minus best, share of full fine-tuning's gain, and the means
 * over seeds with what their spread says.
 */
export function completed<R extends ComparisonRow>(rows: readonly R[], { targetPerplexity }: Wanted = {}): (R | ComparisonRow)[] {
  const own = rows.map((row): R => {
    const { evals, finalPerplexity, bestPerplexity, method } = row
    const trained = method !== 'base' && method !== 'answers'
    const secondsToTarget = targetPerplexity === undefined || !evals ? undefined : secondsTo(targetPerplexity, evals)
    const known = trained && finalPerplexity !== undefined && bestPerplexity !== undefined
    return {
      ...row,
      ...(known && { finalMinusBest: finalPerplexity - bestPerplexity }),
      ...(secondsToTarget !== undefined && { secondsToTarget }),
    }
  })
  const all = withMeans(withGain(own))
  const notes = rankingOf(all).map((column) => closeNotes(all, column))
  return all.map((row) => {
    const found = notes.flatMap((each) => each.get(row) ?? [])
    return found.length ? { ...row, notes: found } : row
  })
}
