// A run's curves: columns of numbers that grow, kept outside React and outside any store's state.
import type { EvalMetrics, StepMetrics } from '../worker/api'

/** Rows of numbers, column by column; `columns[c]` may be longer than `length`. */
export interface Table<C extends string> {
  length: number
  columns: Record<C, Float64Array>
}

export const stepColumns = ['step', 'loss', 'learningRate', 'gradNorm', 'totalTokens', 'tokensPerSecond', 'elapsedMs'] as const
export const evalColumns = ['step', 'evalLoss', 'evalPerplexity', 'totalTokens', 'elapsedMs'] as const
export type StepColumn = (typeof stepColumns)[number]
export type EvalColumn = (typeof evalColumns)[number]

export interface RunSeries {
  steps: Table<StepColumn>
  evals: Table<EvalColumn>
}

function emptyTable<C extends string>(names: readonly C[], capacity: number): Table<C> {
  const columns = {} as Record<C, Float64Array>
  for (const name of names) columns[name] = new Float64Array(capacity)
  return { length: 0, columns }
}

export function emptySeries(): RunSeries {
  return { steps: emptyTable(stepColumns, 256), evals: emptyTable(evalColumns, 32) }
}

function append<C extends string>(table: Table<C>, row: Record<C, number>): void {
  const names = Object.keys(table.columns) as C[]
  for (const name of names) {
    const column = table.columns[name]
    if (table.length === column.length) {
      const grown = new Float64Array(Math.max(16, column.length * 2))
      grown.set(column)
      table.columns[name] = grown
    }
    table.columns[name][table.length] = row[name]
  }
  table.length += 1
}

export function appendStep(series: RunSeries, metrics: StepMetrics): void {
  append(series.steps, metrics)
}

/** An evaluation takes its place on the token and time axes from the newest step. */
export function appendEval(series: RunSeries, metrics: EvalMetrics): void {
  const { steps } = series
  const at = steps.length - 1
  append(series.evals, {
    step: metrics.step,
    evalLoss: metrics.evalLoss,
    evalPerplexity: metrics.evalPerplexity,
    totalTokens: at < 0 ? 0 : (steps.columns.totalTokens[at] ?? 0),
    elapsedMs: at < 0 ? 0 : (steps.columns.elapsedMs[at] ?? 0),
  })
}

/** The values of one column, without the spare room behind them. */
export function columnOf<C extends string>(table: Table<C>, name: C): Float64Array {
  return table.columns[name].subarray(0, table.length)
}

function trimmed<C extends string>(table: Table<C>): Table<C> {
  const columns = {} as Record<C, Float64Array>
  for (const name of Object.keys(table.columns) as C[]) columns[name] = table.columns[name].slice(0, table.length)
  return { length: table.length, columns }
}

/** A copy without spare room, for keeping. */
export function snapshot(series: RunSeries): RunSeries {
  return { steps: trimmed(series.steps), evals: trimmed(series.evals) }
}
