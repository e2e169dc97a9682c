// Figures: numbers that metrics give for a whole run, in its summary and in tables.
import {
  type AnyMetric,
  type EvaluationKey,
  type Figure,
  type FigureKey,
  type StepFigureKey,
  type StepKey,
  type Table,
  evaluationMetrics,
  metrics,
  stepMetrics,
} from './metrics'

export type StepFigures = Partial<Record<StepFigureKey, number>>
export type Figures = Partial<Record<FigureKey, number>>

/** A figure with its metric. */
export interface Column {
  figure: Figure<FigureKey>
  metric: AnyMetric
}

export const figures: readonly Column[] = metrics.flatMap((metric) => (metric.figures ?? []).map((figure) => ({ figure, metric })))
export const stepFigureKeys: readonly StepFigureKey[] = stepMetrics.flatMap((m) => (m.figures ?? []).map((f) => f.key))

/** Columns of a table: those that describe a run, and those that runs are ranked by. */
export function columnsOf(table: Table): { describing: readonly Column[]; ranking: readonly Column[] } {
  const shown = figures.filter(({ figure }) => figure.tables.includes(table))
  return { describing: shown.filter(({ metric }) => !metric.better), ranking: shown.filter(({ metric }) => metric.better) }
}

/** The best of the values that are finite numbers; undefined if there is none. */
export function bestOf(better: AnyMetric['better'], values: readonly (number | undefined)[]): number | undefined {
  const found = values.filter((v): v is number => v !== undefined && Number.isFinite(v))
  if (!found.length) return undefined
  return better === 'higher' ? Math.max(...found) : Math.min(...found)
}

/** `before`, updated by a step. Steps count from 1, without gaps. */
export function withStep(before: StepFigures, metrics: { step: number } & Partial<Record<StepKey, number>>): StepFigures {
  const after = { ...before }
  for (const { key, better, figures = [] } of stepMetrics) {
    const value = metrics[key]
    if (value === undefined) continue
    for (const { key: name, take } of figures) {
      const old = before[name]
      if (take === 'last') after[name] = value
      else if (take === 'best') after[name] = bestOf(better, [old, value]) ?? value
      else after[name] = old === undefined ? value : old + (value - old) / metrics.step
    }
  }
  return after
}

type Measured = Partial<Record<EvaluationKey, number>>

/** Figures of evaluations: of the weights that are kept, and of the best ones. */
export function evaluationFigures(last: Measured | undefined, best: Measured | undefined): Figures {
  const out: Figures = {}
  for (const { key, figures = [] } of evaluationMetrics)
    for (const { key: name, take } of figures) {
      const value = (take === 'best' ? best : last)?.[key]
      if (value !== undefined) out[name] = value
    }
  return out
}

/** The figures of steps among other numbers of a run. */
export function stepFiguresIn(numbers: StepFigures): StepFigures {
  const out: StepFigures = {}
  for (const key of stepFigureKeys) if (numbers[key] !== undefined) out[key] = numbers[key]
  return out
}
