// All curves of the shown runs: one chart for each metric that has one.
import { useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { type EvaluationMetric, type StepMetric, metrics } from '../config/metrics'
import { smooth } from '../store/curves'
import type { XAxis } from '../store/preferences-store'
import { isOver } from '../store/run'
import { type RunSeries, columnOf } from '../store/series'
import { ChartControls, type ChartsOf, hasCurves } from './ChartControls'
import { type Curve, MetricChart } from './MetricChart'
import { curveColour, curveDash } from './curve-style'
import { formatCompact, formatDuration, formatTick, formatValue } from './format'
import { usePreferences, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'
import { useThrottled } from './use-throttled'
import { useVisible } from './use-visible'

/** The look of a run in charts. */
interface Look {
  id: string
  name: string
  colour: number
}

const xColumns = { step: 'step', tokens: 'totalTokens', time: 'elapsedMs' } as const
const redrawMs = 250
// Off screen, only so often that scrolling there finds no old picture.
const hiddenRedrawMs = 3000

type Charted = StepMetric | EvaluationMetric

const charted = metrics.filter((m) => m.of !== 'answers').filter((m) => m.chart)
const heights = { large: 280, small: 168 }

interface ChartProps {
  metric: Charted
  looks: Look[]
  height: number
  waiting: string
}

/** Lines of one run. Columns grow in place while training, so a chart takes copies. */
function curvesOf(run: Look, series: RunSeries, metric: Charted, xAxis: XAxis, smoothing: number, rawName: string): Curve[] {
  const look = { id: run.id, name: run.name, colour: curveColour(run.colour), dash: curveDash(run.colour) }
  const evaluations = metric.of === 'evaluation'
  const xs = columnOf(evaluations ? series.evals : series.steps, xColumns[xAxis]).slice()
  const ys = (evaluations ? columnOf(series.evals, metric.key) : columnOf(series.steps, metric.key)).slice()
  // A run of an older version may lack either, and the log of another trainer has no time or tokens of its steps.
  if (!xs.length || !ys.length || Number.isNaN(xs[0])) return []
  if (evaluations || smoothing === 0) return [{ ...look, xs, ys, dots: evaluations }]
  return [
    { ...look, id: `${run.id}-raw`, name: `${run.name} ${rawName}`, faint: true, xs, ys },
    { ...look, xs, ys: smooth(ys, smoothing) },
  ]
}

/** Ticks of a time axis are at whole seconds, minutes or hours. */
function timeUnit(lastMs: number): number {
  if (lastMs < 120_000) return 1000
  return lastMs < 7_200_000 ? 60_000 : 3_600_000
}

/** The shown runs' looks; the same array as long as none of them changes, however often the runs themselves do. */
function useLooks(comparison: string | undefined): Look[] {
  const studio = useStudio()
  const keys = useStore(
    studio.runs.store,
    useShallow((s) =>
      s.runs
        .filter((r) => r.visible && hasCurves(r, comparison))
        .map((r) => JSON.stringify({ id: r.id, name: r.name, colour: r.colour } satisfies Look)),
    ),
  )
  return useMemo(() => keys.map((key) => JSON.parse(key) as Look), [keys])
}

function Chart({ metric, looks, height, waiting }: ChartProps) {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const { xAxis, smoothing: chosen, logLoss } = usePreferences()
  const smoothing = metric.chart?.smoothed ? chosen : 0
  const log = metric.chart?.log && logLoss
  const frame = useRef<HTMLElement>(null)
  const visible = useVisible(frame)
  const newest = useStore(studio.runs.store, (s) => s.curves)
  const drawn = useThrottled(newest, visible ? redrawMs : hiddenRedrawMs)
  const curves = useMemo(
    () => looks.flatMap((look) => curvesOf(look, drawn.of(look.id), metric, xAxis, smoothing, text.charts.raw)),
    [looks, drawn, metric, xAxis, smoothing, text],
  )
  const lastX = Math.max(0, ...curves.map((c) => c.xs[c.xs.length - 1] ?? 0))
  // Whole seconds would name many places alike.
  const brief = lastX < 10_000
  const formatX = useMemo(() => {
    if (xAxis !== 'time') return (x: number) => formatCompact(x, text)
    return (x: number) => (brief ? text.time.seconds(formatTick(x / 1000)) : formatDuration(x, text))
  }, [xAxis, brief, text])
  const unitX = xAxis === 'time' ? timeUnit(lastX) : 1
  const empty = curves.every((c) => c.xs.length === 0)
  const latest = curves.filter((c) => !c.faint && c.ys.length > 0).map((c) => `${c.name} ${formatValue(c.ys[c.ys.length - 1])}`)
  return (
    <figure
      className="chart"
      ref={frame}
      data-testid={`chart-${metric.key}`}
      data-points={curves.reduce((most, c) => Math.max(most, c.xs.length), 0)}
    >
      <figcaption>
        <h3>{inWords(metric.label)}</h3>
        <span className="visually-hidden">{latest.join(', ')}</span>
      </figcaption>
      {empty ? (
        <p className={height > 200 ? 'chart-empty chart-empty-large muted' : 'chart-empty muted'}>{waiting}</p>
      ) : (
        <MetricChart curves={curves} height={height} formatX={formatX} formatY={formatValue} log={log} unitX={unitX} />
      )}
    </figure>
  )
}

/** The charts of all runs, or those of a comparison. */
export function Charts({ comparison }: ChartsOf) {
  const text = useText()
  const looks = useLooks(comparison)
  const t = text.charts
  const over = useStore(useStudio().runs.store, (s) => s.runs.filter((r) => r.visible && hasCurves(r, comparison)).every(isOver))
  const none = looks.length === 0 ? text.chart.noRuns : over ? t.nothing : undefined
  const shown = comparison === undefined ? charted : charted.filter((m) => m.chart?.compared)
  const chart = (metric: Charted, height: number) => (
    <Chart
      key={metric.key}
      metric={metric}
      looks={looks}
      height={height}
      waiting={none ?? (metric.of === 'evaluation' ? t.waitingEval : t.waiting)}
    />
  )
  return (
    <section className="card" aria-label={t.title}>
      <ChartControls comparison={comparison} />
      {shown.filter((m) => m.chart?.size === 'large').map((m) => chart(m, heights.large))}
      <div className={comparison === undefined ? 'chart-grid' : 'stack'}>
        {shown.filter((m) => m.chart?.size === 'small').map((m) => chart(m, comparison === undefined ? heights.small : heights.large))}
      </div>
    </section>
  )
}
