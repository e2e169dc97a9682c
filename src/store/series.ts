// A run's curves: columns of numbers that grow, kept outside React and outside any store's state. Which columns there are follows
// from the list of metrics; a run of an older version lacks those that have come since.
import { evaluationKeys, stepKeys } from '../config/metrics'
import type { EvalMetrics, StepMetrics } from '../worker/api'

/** Rows of numbers, column by column; a column may be longer than `length`, or absent where no row has a value. */
export interface Table<C extends string> {
  length: number
  columns: Partial<Record<C, Float64Array>>
}

/** Where a row is in its run; one of them is the horizontal axis of charts. */
const places = ['step', 'totalTokens', 'elapsedMs'] as const
type PlaceColumn = (typeof places)[number]
export const stepColumns = [...places, ...stepKeys] as const
export const evalColumns = [...places, ...evaluationKeys] as const
type StepColumn = (typeof stepColumns)[number]
type EvalColumn = (typeof evalColumns)[number]

export interface RunSeries {
  steps: Table<StepColumn>
  evals: Table<EvalColumn>
}

export function emptySeries(): RunSeries {
  return { steps: { length: 0, columns: {} }, evals: { length: 0, columns: {} } }
}

/** `column` with room for a value at `at`; what has none yet is NaN. */
function withRoom(column: Float64Array | undefined, at: number): Float64Array {
  if (column && at < column.length) return column
  // An eighth more: a column that doubled would often be half empty, and a run may have a million steps.
  const grown = new Float64Array(at + Math.max(16, at >> 3)).fill(NaN)
  if (column) grown.set(column)
  return grown
}

function append<C extends string>(table: Table<C>, names: readonly C[], row: Partial<Record<C, number>>): void {
  const at = table.length
  for (const name of names) {
    const value = row[name]
    if (value === undefined && !table.columns[name]) continue
    const column = withRoom(table.columns[name], at)
    column[at] = value ?? NaN
    table.columns[name] = column
  }
  table.length += 1
}

export function appendStep(series: RunSeries, metrics: StepMetrics): void {
  append(series.steps, stepColumns, metrics)
}

/** An evaluation takes its place on the token and time axes from the newest step. */
export function appendEval(series: RunSeries, metrics: EvalMetrics): void {
  const { columns, length } = series.steps
  const newest = (name: PlaceColumn): number => columns[name]?.[length - 1] ?? 0
  append(series.evals, evalColumns, { ...metrics, totalTokens: newest('totalTokens'), elapsedMs: newest('elapsedMs') })
}

/** The values of one column, without the spare room behind them; none where the run has no such column. */
export function columnOf<C extends string>(table: Table<C>, name: C): Float64Array {
  return table.columns[name]?.subarray(0, table.length) ?? new Float64Array(0)
}

function trimmed<C extends string>(table: Table<C>): Table<C> {
  const columns: Partial<Record<C, Float64Array>> = {}
  for (const name of Object.keys(table.columns) as C[]) columns[name] = table.columns[name]?.slice(0, table.length)
  return { length: table.length, columns }
}

/** A copy without spare room, for keeping. */
export function snapshot(series: RunSeries): RunSeries {
  return { steps: trimmed(series.steps), evals: trimmed(series.evals) }
}
