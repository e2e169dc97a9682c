// A run and its curves, with metrics taken in.
import type { EvalMetrics, StepMetrics } from '../worker/api'
import { type Run, withEval, withMetrics, withoutMetrics } from './run'
import { type RunSeries, appendEval, appendStep, emptySeries } from './series'

/** The curves grow in place. */
export function withStepTaken(run: Run, series: RunSeries, metrics: StepMetrics): Run {
  appendStep(series, metrics)
  return withMetrics(run, metrics)
}

/** The curves grow in place. */
export function withEvalTaken(run: Run, series: RunSeries, metrics: EvalMetrics): Run {
  appendEval(series, metrics)
  return withEval(run, metrics)
}

/** The run with these metrics and no others. */
export function withAllMetrics(run: Run, steps: readonly StepMetrics[], evals: readonly EvalMetrics[]): { run: Run; series: RunSeries } {
  const series = emptySeries()
  let now = withoutMetrics(run)
  let next = 0
  // An evaluation comes after the step with its number.
  const takeEvals = (before: number): void => {
    for (; next < evals.length && evals[next].step < before; next++) now = withEvalTaken(now, series, evals[next])
  }
  for (const metrics of steps) {
    takeEvals(metrics.step)
    now = withStepTaken(now, series, metrics)
  }
  takeEvals(Infinity)
  return { run: now, series }
}
