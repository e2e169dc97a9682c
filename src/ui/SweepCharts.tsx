// The cost of a token by size, measured and expected. One chart for each axis.
import { useMemo, useState } from 'react'
import { type BenchSweep, sweepMs, sweepTitle, sweepUnit } from '../config/bench-report'
import { createChartView } from '../store/chart-view'
import { type PlotLine, fixedSource } from '../store/plot-line'
import { LineSwatch } from './ChartControls'
import { MetricChart } from './MetricChart'
import { curveColour, curveDash } from './curve-style'
import { formatCompact, formatValue } from './format'
import { useSentence, useText } from './text/text'

function curve(colour: number, name: string, { axis, rows }: BenchSweep, y: (row: BenchSweep['rows'][number]) => number): PlotLine {
  const id = `${axis}-${colour}`
  return {
    id,
    run: id,
    name,
    colour: curveColour(colour),
    dash: curveDash(colour),
    dots: true,
    xs: Float64Array.from(rows, (row) => row.value),
    ys: Float64Array.from(rows, y),
  }
}

function Chart({ sweep }: { sweep: BenchSweep }) {
  const text = useText()
  const inWords = useSentence()
  const t = text.bench
  const [view] = useState(createChartView)
  const source = useMemo(
    () => fixedSource([curve(0, t.measured, sweep, sweepMs), curve(1, t.counted, sweep, (row) => row.countedMsPerToken)]),
    [sweep, t],
  )
  const title = inWords(sweepTitle(sweep))
  return (
    <figure className="chart" data-testid="sweep-chart">
      <figcaption>
        <h3>{title}</h3>
        <span className="muted">{t.perToken(sweepUnit(sweep))}</span>
      </figcaption>
      <MetricChart
        id={sweep.axis}
        label={title}
        source={source}
        view={view}
        height={200}
        formatX={(x) => formatCompact(x, text)}
        formatY={formatValue}
        fromZero
        empty={null}
      />
    </figure>
  )
}

export function SweepCharts({ sweeps }: { sweeps: readonly BenchSweep[] }) {
  const t = useText().bench
  if (sweeps.length === 0) return null
  return (
    <section className="card" aria-label={t.sizes}>
      <ul className="legend">
        {[t.measured, t.counted].map((name, i) => (
          <li key={name}>
            <LineSwatch colour={i} />
            {name}
          </li>
        ))}
      </ul>
      <div className="chart-grid">
        {sweeps.map((sweep) => (
          <Chart key={sweep.axis} sweep={sweep} />
        ))}
      </div>
    </section>
  )
}
