// The table of a comparison, made from its runs.
import { type ComparisonColumn, type ComparisonRow, summaryRow } from '../config/comparison'
import { evaluationFigures } from '../config/figures'
import { type Phrase, sentence } from '../config/phrase'
import { type Run, figuresOf, shareOf } from './run'

/** A row with its run; the base has no run. */
export interface ShownRow extends Omit<ComparisonRow, 'problem'> {
  problem?: Phrase
  run?: Run
}

/** Ids of all comparisons, newest first, with the time when each was started. */
export function comparisonsOf(runs: readonly Run[]): { id: string; createdAt: number }[] {
  const found = new Map<string, number>()
  for (const { comparison, createdAt } of runs)
    if (comparison) found.set(comparison.id, Math.min(createdAt, found.get(comparison.id) ?? createdAt))
  return [...found].map(([id, createdAt]) => ({ id, createdAt })).sort((a, b) => b.createdAt - a.createdAt)
}

export function runsOf(runs: readonly Run[], id: string | undefined): Run[] {
  return id === undefined ? [] : runs.filter((r) => r.comparison?.id === id)
}

function runRow(run: Run): ShownRow {
  const { memory, last } = run
  const soFar = memory && {
    trainableParameters: memory.trainableParameters,
    trainableShare: memory.trainableParameters / memory.totalParameters,
    seconds: last && last.elapsedMs / 1000,
  }
  return {
    method: run.config.method,
    base: run.model.base,
    ...(run.summary ? summaryRow(run.summary) : soFar),
    ...figuresOf(run),
    problem: run.error,
    run,
  }
}

function baseRow(base: string, runs: readonly Run[]): ShownRow[] {
  const measured = runs.find((r) => r.model.base === base && r.baseEval)
  if (!measured?.baseEval) return []
  return [
    {
      method: 'base',
      base,
      ...evaluationFigures(measured.baseEval, measured.baseEval),
      exactMatch: shareOf(measured.exactMatch?.before),
    },
  ]
}

/** The base once for each base precision, then every run. */
export function comparisonRows(runs: readonly Run[]): ShownRow[] {
  const bases = [...new Set(runs.map((r) => r.model.base))]
  return [...bases.flatMap((base) => baseRow(base, runs)), ...runs.map(runRow)]
}

/** A row for a file, in English. */
export function plainRow({ run: _run, problem, ...row }: ShownRow): ComparisonRow {
  return { ...row, problem: problem && sentence(problem) }
}

/** Sorts rows by a column. Rows without a value stay at the end in both directions. */
export function sortRows(rows: readonly ShownRow[], sort: { column: ComparisonColumn; descending: boolean } | undefined): ShownRow[] {
  if (!sort) return [...rows]
  const { column, descending } = sort
  return rows.toSorted((a, b) => {
    const [x, y] = [a[column], b[column]]
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined)
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y))
    return descending ? -order : order
  })
}
