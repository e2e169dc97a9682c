// One chart of a metric with its title and tools, and what it says to those who do not see it.
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import type { ChartView } from '../store/chart-view'
import type { PlotLine } from '../store/plot-line'
import { type ChartedMetric, type RunLook, runSource } from '../store/plot-source'
import { ChartTable } from './ChartTable'
import { ChartTools } from './ChartTools'
import { MetricChart } from './MetricChart'
import type { PlotHandle } from './PlotLayer'
import { formatCompact, formatCount, formatDuration, formatTick, formatValue } from './format'
import { usePreferences, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'
import { useFullScreen } from './use-full-screen'

interface Props {
  metric: ChartedMetric
  looks: RunLook[]
  grows: boolean
  view: ChartView
  /** What else is said about a run beside its value. */
  about?: (run: string) => ReactNode
  height: number
  /** It has the strip that shows which part of the axis is seen. */
  brush: boolean
  waiting: string
}

/** Ticks of a time axis are at whole seconds, minutes or hours. */
function timeUnit(lastMs: number): number {
  if (lastMs < 120_000) return 1000
  return lastMs < 7_200_000 ? 60_000 : 3_600_000
}

/** What is said of the newest values to those who do not see the chart, and the number of points, which tests read. */
function useSaying() {
  const frame = useRef<HTMLElement>(null)
  const latest = useRef<HTMLSpanElement>(null)
  const onDrawn = useCallback((lines: readonly PlotLine[]): void => {
    if (frame.current) frame.current.dataset.points = String(lines.reduce((most, { ys }) => Math.max(most, ys.length), 0))
    const named = lines.filter((line) => !line.faint && line.ys.length > 0)
    const said = named.map(({ name, ys, shows }) => `${name} ${formatValue(shows ? shows(ys[ys.length - 1]) : ys[ys.length - 1])}`)
    if (latest.current) latest.current.textContent = said.join(', ')
  }, [])
  return { frame, latest, onDrawn }
}

/** How places on the horizontal axis are written. Whole seconds would name many places of a short run alike. */
function useFormatX(brief: boolean): (x: number) => string {
  const text = useText()
  const { xAxis } = usePreferences()
  return useMemo(() => {
    if (xAxis === 'epoch') return formatTick
    if (xAxis !== 'time') return (x: number) => formatCompact(x, text)
    return (x: number) => (brief ? text.time.seconds(formatTick(x / 1000)) : formatDuration(x, text))
  }, [xAxis, brief, text])
}

const inMebibytes = (bytes: number): number => bytes / 2 ** 20

/** Of the loss, its perplexity if the person wants it: it rises with the loss, so the same points are drawn elsewhere. Bytes are shown in MiB. */
function useShown(metric: ChartedMetric) {
  const text = useText()
  const inWords = useSentence()
  const { perplexity } = usePreferences()
  const can = metric.key === 'loss'
  if (metric.form === 'bytes') {
    const title = text.charts.inUnit(inWords(metric.label), 'MiB')
    return { can, shows: inMebibytes, title, file: metric.key }
  }
  return can && perplexity
    ? { can, shows: Math.exp, title: text.charts.trainingPerplexity, file: 'perplexity' }
    : { can, shows: undefined, title: inWords(metric.label), file: metric.key }
}

function PerplexitySwitch() {
  const text = useText()
  const { preferences } = useStudio()
  const { perplexity } = usePreferences()
  return (
    <label className="check">
      <input
        type="checkbox"
        name="perplexity"
        checked={perplexity}
        onChange={({ target }) => preferences.set({ perplexity: target.checked })}
      />
      {text.charts.asPerplexity}
    </label>
  )
}

/** Room for the title and the tools of a chart that fills the screen. */
const besideFull = 190

export function ChartFigure({ metric, looks, grows, view, about, height, brush, waiting }: Props) {
  const text = useText()
  const { runs, preferences } = useStudio()
  const { xAxis, smoothing: chosen, logCharts, clip } = usePreferences()
  const { can, shows, title, file } = useShown(metric)
  const smoothing = metric.chart?.smoothed ? chosen : 0
  const { frame, latest, onDrawn } = useSaying()
  const handle = useRef<PlotHandle>(null)
  const [full] = useFullScreen(frame)
  const [table, setTable] = useState(false)
  // Absent where whole units would name many places alike.
  const [unit, setUnit] = useState<number>()
  const rawName = text.charts.raw
  const source = useMemo(
    () => runSource(runs.store, { looks, metric, axis: xAxis, smoothing, shows, rawName }),
    [runs, looks, metric, xAxis, smoothing, shows, rawName],
  )
  const drawn = useCallback(
    (lines: readonly PlotLine[]): void => {
      onDrawn(lines)
      const last = Math.max(0, ...lines.map(({ xs }) => xs[xs.length - 1]))
      setUnit(xAxis === 'time' && last >= 10_000 ? timeUnit(last) : undefined)
    },
    [onDrawn, xAxis],
  )
  const formatX = useFormatX(unit === undefined)
  const axis = text.charts.x[xAxis]
  const formatPlace = useCallback(
    (x: number) => `${axis} ${xAxis === 'step' || xAxis === 'tokens' ? formatCount(x, text) : formatX(x)}`,
    [axis, xAxis, formatX, text],
  )
  const log = logCharts.includes(metric.key)
  const onLog = (): void => preferences.set({ logCharts: log ? logCharts.filter((key) => key !== metric.key) : [...logCharts, metric.key] })
  return (
    <figure className={full ? 'chart chart-full' : 'chart'} ref={frame} data-testid={`chart-${metric.key}`} data-points={0}>
      <figcaption className="chart-head">
        <h3>{title}</h3>
        <span className="visually-hidden" ref={latest} />
        {can && <PerplexitySwitch />}
        <ChartTools
          id={file}
          title={title}
          axis={xAxis}
          source={source}
          frame={frame}
          handle={handle}
          log={log}
          onLog={onLog}
          table={table}
          onTable={() => setTable(!table)}
        />
      </figcaption>
      <MetricChart
        id={metric.key}
        label={title}
        source={source}
        view={view}
        about={about}
        height={full ? Math.max(height, innerHeight - besideFull) : height}
        formatX={formatX}
        formatPlace={formatPlace}
        formatY={formatValue}
        log={log}
        clip={clip}
        unitX={xAxis === 'time' ? (unit ?? 1000) : xAxis === 'epoch' ? 0.01 : 1}
        grows={grows}
        brush={brush}
        onDrawn={drawn}
        handle={handle}
        under={metric.chart?.saves && <p className="help">{text.charts.saves}</p>}
        empty={<p className={height > 200 ? 'chart-empty chart-empty-large muted' : 'chart-empty muted'}>{waiting}</p>}
      />
      {table && <ChartTable title={title} axis={axis} source={source} formatX={formatX} formatY={formatValue} />}
    </figure>
  )
}
