// A run's curves: columns of numbers that grow, kept outside React and outside any store's state. Which columns there are follows
// from the list of metrics; a run of an older version lacks those that have come since.
import { expertKeys } from '../config/expert-shares'
import { evaluationKeys, stepKeys } from '../config/metrics'
import type { EvalMetrics, StepMetrics } from '../worker/api'

/** Rows of numbers, column by column; a column may be longer than `length`, or absent where no row has a value. */
export interface Table<C extends string> {
  length: number
  columns: Partial<Record<C, Float64Array>>
}

/** Where a row is in its run; one of them is the horizontal axis of charts. */
const places = ['step', 'totalTokens', 'elapsedMs', 'epoch'] as const
type PlaceColumn = (typeof places)[number]
export const saveColumns = places
export const stepColumns = [...places, ...stepKeys, ...expertKeys] as const
export const evalColumns = [...places, ...evaluationKeys] as const
type StepColumn = (typeof stepColumns)[number]
type EvalColumn = (typeof evalColumns)[number]

export interface RunSeries {
  steps: Table<StepColumn>
  evals: Table<EvalColumn>
  /** When the run was saved. */
  saves: Table<PlaceColumn>
}

export function emptySeries(): RunSeries {
  return { steps: { length: 0, columns: {} }, evals: { length: 0, columns: {} }, saves: { length: 0, columns: {} } }
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

/** The place of the newest step on the other axes: the beginning where there is none, and nowhere on an axis that its run lacks. */
function newestPlace({ steps: { columns, length } }: RunSeries): Partial<Record<PlaceColumn, number>> {
  const newest = (name: PlaceColumn): number | undefined => (length === 0 ? 0 : columns[name]?.[length - 1])
  return { totalTokens: newest('totalTokens') ?? 0, elapsedMs: newest('elapsedMs') ?? 0, epoch: newest('epoch') }
}

/** An evaluation takes its place on the other axes from the newest step. */
export function appendEval(series: RunSeries, metrics: EvalMetrics): void {
  append(series.evals, evalColumns, { ...newestPlace(series), ...metrics })
}

/** The run was saved after `step`, its newest one. */
export function appendSave(series: RunSeries, step: number): void {
  append(series.saves, saveColumns, { ...newestPlace(series), step })
}

/** The curves of a run that is computed again from its newest save on: its saves so far stay. */
export function withSavesOf({ saves }: RunSeries, series: RunSeries): RunSeries {
  const newest = series.steps.columns.step?.[series.steps.length - 1] ?? 0
  const length = columnOf(saves, 'step').filter((step) => step <= newest).length
  return { ...series, saves: trimmed({ ...saves, length }) }
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
  return { steps: trimmed(series.steps), evals: trimmed(series.evals), saves: trimmed(series.saves) }
}
