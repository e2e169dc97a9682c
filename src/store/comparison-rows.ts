// The table of a comparison, made from its runs.
import { type ComparisonColumn, type ComparisonRow, characterPerplexity, summaryRow, valueOf } from '../config/comparison'
import { evaluationFigures } from '../config/figures'
import { sentence } from '../config/phrase'
import { stabilityOf } from '../config/stability'
import { baseName } from '../config/variants'
import { type Run, figuresOf, isOver, shareOf } from './run'
import type { Curves } from './runs-state'
import { columnOf } from './series'

/** A row with its run; the base and means over seeds have no run. */
export interface ShownRow extends ComparisonRow {
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

function curvesOf(run: Run, curves: Curves | undefined): Partial<ComparisonRow> {
  const series = isOver(run) && run.last ? curves?.of(run.id) : undefined
  if (!series) return {}
  const [steps, elapsed, perplexities] = [
    columnOf(series.evals, 'step'),
    columnOf(series.evals, 'elapsedMs'),
    columnOf(series.evals, 'evalPerplexity'),
  ]
  const evals = Array.from(steps, (step, i) => ({ step, seconds: (elapsed[i] ?? 0) / 1000, perplexity: perplexities[i] }))
  return { evals, ...stabilityOf(columnOf(series.steps, 'loss')) }
}

/** Runs of several models are compared by what does not depend on their tokenizers. */
function modelOf(run: Run, several: boolean): Pick<ComparisonRow, 'model' | 'characterPerplexity'> {
  const { finalEval, evalText } = run.summary ?? {}
  return several ? { model: run.model.name, characterPerplexity: characterPerplexity(finalEval?.evalLoss, evalText) } : {}
}

function runRow(run: Run, several: boolean, curves: Curves | undefined): ShownRow {
  const { memory, last, comparison } = run
  const soFar = memory && {
    trainableParameters: memory.trainableParameters,
    trainableShare: memory.trainableParameters / memory.totalParameters,
    seconds: last && last.elapsedMs / 1000,
  }
  return {
    method: run.config.method,
    variant: comparison?.variant,
    group: comparison?.group,
    task: comparison?.task,
    base: run.model.base,
    ...(run.summary ? summaryRow(run.summary) : soFar),
    ...figuresOf(run),
    ...curvesOf(run, curves),
    ...modelOf(run, several),
    scores: run.scores?.after,
    retainedPerplexity: run.retained?.after?.evalPerplexity,
    problem: run.error && sentence(run.error),
    run,
  }
}

/** What the rows of a base are about: runs that share it are measured against one row. */
const baseKey = ({ model, comparison }: Run): string => JSON.stringify([model.name, model.base, comparison?.task])

function baseRow(runs: readonly Run[], several: boolean): ShownRow[] {
  const measured = runs.find((r) => r.baseEval)
  if (!measured?.baseEval) return []
  const { baseEval, comparison, model } = measured
  const { evalText } = runs.find((r) => r.summary?.evalText)?.summary ?? {}
  const row: ShownRow = {
    method: 'base',
    base: model.base,
    task: comparison?.task,
    ...(comparison?.task !== undefined && { variant: baseName(comparison.task) }),
    ...evaluationFigures(baseEval, baseEval),
    exactMatch: shareOf(measured.exactMatch?.before),
    scores: measured.scores?.before,
    retainedPerplexity: measured.retained?.before?.evalPerplexity,
  }
  return [several ? { ...row, model: model.name, characterPerplexity: characterPerplexity(baseEval.evalLoss, evalText) } : row]
}

/** The rows without training, as far as they were measured. */
function untrainedRows(runs: readonly Run[]): ShownRow[] {
  const found = runs.reduce<Run | undefined>(
    (most, run) => ((run.untrained?.length ?? 0) > (most?.untrained?.length ?? 0) ? run : most),
    undefined,
  )
  return (found?.untrained ?? []).map(({ name, method, scores, evaluation, problem }) => ({
    method,
    variant: name,
    base: method === 'base' ? (found?.model.base ?? '–') : '–',
    scores,
    ...(evaluation && evaluationFigures(evaluation, evaluation)),
    problem: problem && sentence(problem),
  }))
}

/** The base once for each model, base precision and task description, then every run. */
export function comparisonRows(runs: readonly Run[], curves?: Curves): ShownRow[] {
  const several = new Set(runs.map((r) => r.model.name)).size > 1
  const bases = [...new Set(runs.map(baseKey))].map((key) => runs.filter((run) => baseKey(run) === key))
  return [...bases.flatMap((own) => baseRow(own, several)), ...untrainedRows(runs), ...runs.map((run) => runRow(run, several, curves))]
}

/** A row for a file. */
export function plainRow({ run: _run, ...row }: ShownRow): ComparisonRow {
  return row
}

/** Sorts rows by a column. Rows without a value stay at the end in both directions. */
export function sortRows(rows: readonly ShownRow[], sort: { column: ComparisonColumn; descending: boolean } | undefined): ShownRow[] {
  if (!sort) return [...rows]
  const { column, descending } = sort
  return rows.toSorted((a, b) => {
    const [x, y] = [valueOf(a, column), valueOf(b, column)]
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined)
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y))
    return descending ? -order : order
  })
}

/** Files of a comparison that some run, or the comparison as a whole, was not measured on although that is over. */
export function unmeasuredFiles(runs: readonly Run[]): string[] {
  const files = runs.find(({ comparison }) => comparison?.files)?.comparison?.files
  const done = runs.filter(({ status }) => status === 'finished' || status === 'stopped')
  if (!files || done.length === 0) return []
  const judged = new Set(runs.flatMap(({ untrained = [] }) => untrained.map(({ name }) => name)))
  const retained = files.retained !== undefined && done.some((run) => !run.retained?.after) ? [files.retained] : []
  return [...files.others.filter((name) => !judged.has(name)), ...retained]
}
