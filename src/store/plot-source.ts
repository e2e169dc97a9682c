// The lines of runs for one chart. They are read anew for each picture, because curves grow in place.
import type { StoreApi } from 'zustand/vanilla'
import type { EvaluationMetric, StepMetric } from '../config/metrics'
import { type PlotLine, type PlotSource, Smoothed } from './plot-line'
import type { XAxis } from './preferences-store'
import type { RunsState } from './runs-state'
import { type RunSeries, columnOf } from './series'

/** The look of a run in charts. */
export interface RunLook {
  id: string
  name: string
  colour: string
  dash: string
  /** The run failed: the range of charts follows the others. */
  failed: boolean
}

export type ChartedMetric = StepMetric | EvaluationMetric

interface RunLines {
  looks: readonly RunLook[]
  metric: ChartedMetric
  axis: XAxis
  /** Weight of the moving average; 0 = none. */
  smoothing: number
  /** What is shown of a value; see `PlotLine`. */
  shows?: (y: number) => number
  /** What follows the name of a run for its values as measured. */
  rawName: string
}

const xColumns = { step: 'step', epoch: 'epoch', tokens: 'totalTokens', time: 'elapsedMs' } as const

/** A run's line, and its values as measured behind their average. */
class RunLine {
  private series: RunSeries | undefined
  private smoothed: Smoothed

  constructor(
    private readonly look: RunLook,
    private readonly of: RunLines,
  ) {
    this.smoothed = new Smoothed(of.smoothing)
  }

  lines(series: RunSeries): PlotLine[] {
    const { metric, axis, smoothing, shows, rawName } = this.of
    const { id, name, colour, dash, failed: outOfRange } = this.look
    const evaluations = metric.of === 'evaluation'
    const xs = columnOf(evaluations ? series.evals : series.steps, xColumns[axis])
    const ys = evaluations ? columnOf(series.evals, metric.key) : columnOf(series.steps, metric.key)
    // A run of an older version may lack either, also in its first part, and the log of another trainer has no time or tokens of its steps.
    if (!xs.length || !ys.length || (evaluations ? xs.includes(NaN) : Number.isNaN(xs[0]))) return []
    const saves = metric.chart?.saves ? columnOf(series.saves, xColumns[axis]) : undefined
    const line = { run: id, colour, dash, shows, outOfRange, xs, marks: saves }
    if (evaluations || smoothing === 0) return [{ ...line, id, name, ys, dots: evaluations }]
    // A run that begins again has other curves.
    if (series !== this.series || ys.length < this.smoothed.length) this.smoothed = new Smoothed(smoothing)
    this.series = series
    return [
      { ...line, id: `${id}-raw`, name: `${name} ${rawName}`, faint: true, ys },
      { ...line, id, name, ys: this.smoothed.of(ys) },
    ]
  }
}

export function runSource(runs: StoreApi<RunsState>, of: RunLines): PlotSource {
  const own = of.looks.map((look) => ({ id: look.id, line: new RunLine(look, of) }))
  return {
    lines() {
      const { curves } = runs.getState()
      return own.flatMap(({ id, line }) => line.lines(curves.of(id)))
    },
    subscribe: (changed) =>
      runs.subscribe((now, before) => {
        if (now.curves !== before.curves) changed()
      }),
  }
}
