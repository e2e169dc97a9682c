// All curves of the shown runs: training loss large, the others below it.
import { useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { smooth } from '../store/curves'
import type { XAxis } from '../store/preferences-store'
import { isOver } from '../store/run'
import { type EvalColumn, type RunSeries, type StepColumn, columnOf } from '../store/series'
import { ChartControls, type ChartsOf, hasCurves } from './ChartControls'
import { type Curve, MetricChart } from './MetricChart'
import { curveColour, curveDash } from './curve-style'
import { formatCompact, formatDuration, formatValue } from './format'
import { usePreferences, useStudio } from './studio-context'
import { useText } from './text/text'
import { useThrottled } from './use-throttled'
import { useVisible } from './use-visible'

type Source = { table: 'steps'; column: StepColumn } | { table: 'evals'; column: EvalColumn }

/** What a chart needs to know of a run. */
interface Look {
  id: string
  name: string
  colour: number
}

const xColumns = { step: 'step', tokens: 'totalTokens', time: 'elapsedMs' } as const
const redrawMs = 250
// Off screen, only so often that scrolling there finds no old picture.
const hiddenRedrawMs = 3000

const sources = {
  loss: { table: 'steps', column: 'loss' },
  perplexity: { table: 'evals', column: 'evalPerplexity' },
  learningRate: { table: 'steps', column: 'learningRate' },
  gradNorm: { table: 'steps', column: 'gradNorm' },
  tokensPerSecond: { table: 'steps', column: 'tokensPerSecond' },
} as const satisfies Record<string, Source>

interface ChartProps {
  title: string
  looks: Look[]
  source: Source
  height: number
  waiting: string
  smoothing?: number
  log?: boolean
  testId?: string
}

/** Lines of one run. Columns grow in place while training, so a chart takes copies. */
function curvesOf(run: Look, series: RunSeries, source: Source, xAxis: XAxis, smoothing: number, rawName: string): Curve[] {
  const look = { id: run.id, name: run.name, colour: curveColour(run.colour), dash: curveDash(run.colour) }
  if (source.table === 'evals')
    return [{ ...look, xs: columnOf(series.evals, xColumns[xAxis]).slice(), ys: columnOf(series.evals, source.column).slice(), dots: true }]
  const xs = columnOf(series.steps, xColumns[xAxis]).slice()
  const ys = columnOf(series.steps, source.column).slice()
  if (smoothing === 0) return [{ ...look, xs, ys }]
  return [
    { ...look, id: `${run.id}-raw`, name: `${run.name} ${rawName}`, faint: true, xs, ys },
    { ...look, xs, ys: smooth(ys, smoothing) },
  ]
}

/** Ticks of a time axis lie on whole seconds, minutes or hours. */
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

function Chart({ title, looks, source, height, waiting, smoothing = 0, log, testId }: ChartProps) {
  const text = useText()
  const studio = useStudio()
  const { xAxis } = usePreferences()
  const frame = useRef<HTMLElement>(null)
  const visible = useVisible(frame)
  const newest = useStore(studio.runs.store, (s) => s.curves)
  const drawn = useThrottled(newest, visible ? redrawMs : hiddenRedrawMs)
  const curves = useMemo(
    () => looks.flatMap((look) => curvesOf(look, drawn.of(look.id), source, xAxis, smoothing, text.charts.raw)),
    [looks, drawn, source, xAxis, smoothing, text],
  )
  const formatX = useMemo(() => (x: number) => (xAxis === 'time' ? formatDuration(x, text) : formatCompact(x, text)), [xAxis, text])
  const lastX = Math.max(0, ...curves.map((c) => c.xs[c.xs.length - 1] ?? 0))
  const unitX = xAxis === 'time' ? timeUnit(lastX) : 1
  const empty = curves.every((c) => c.xs.length === 0)
  const latest = curves.filter((c) => !c.faint && c.ys.length > 0).map((c) => `${c.name} ${formatValue(c.ys[c.ys.length - 1])}`)
  return (
    <figure className="chart" ref={frame} data-testid={testId} data-points={curves.reduce((most, c) => Math.max(most, c.xs.length), 0)}>
      <figcaption>
        <h3>{title}</h3>
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

/** Of a comparison, the two that tell methods apart. */
export function Charts({ comparison }: ChartsOf) {
  const text = useText()
  const looks = useLooks(comparison)
  const { smoothing, logLoss } = usePreferences()
  const t = text.charts
  const over = useStore(useStudio().runs.store, (s) => s.runs.filter((r) => r.visible && hasCurves(r, comparison)).every(isOver))
  const none = looks.length === 0 ? text.chart.noRuns : over ? t.nothing : undefined
  const small = { looks, height: comparison === undefined ? 168 : 280, waiting: none ?? t.waiting }
  return (
    <section className="card" aria-label={t.title}>
      <ChartControls comparison={comparison} />
      <Chart
        looks={looks}
        waiting={none ?? t.waiting}
        title={t.loss}
        source={sources.loss}
        smoothing={smoothing}
        height={280}
        log={logLoss}
        testId="loss-chart"
      />
      <div className={comparison === undefined ? 'chart-grid' : 'stack'}>
        <Chart
          {...small}
          waiting={none ?? t.waitingEval}
          title={t.perplexity}
          source={sources.perplexity}
          log={logLoss}
          testId="perplexity-chart"
        />
        {comparison === undefined && (
          <>
            <Chart {...small} title={t.learningRate} source={sources.learningRate} />
            <Chart {...small} title={t.gradNorm} source={sources.gradNorm} />
            <Chart {...small} title={t.tokensPerSecond} source={sources.tokensPerSecond} />
          </>
        )}
      </div>
    </section>
  )
}
