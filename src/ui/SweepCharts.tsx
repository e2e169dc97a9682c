// The cost of a token by size, measured and expected. One chart for each axis.
import { useMemo } from 'react'
import { type BenchSweep, sweepMs, sweepTitle, sweepUnit } from '../config/bench-report'
import { LineSwatch } from './ChartControls'
import { type Curve, MetricChart } from './MetricChart'
import { curveColour, curveDash } from './curve-style'
import { formatCompact, formatValue } from './format'
import { useSentence, useText } from './text/text'

function curve(colour: number, name: string, { axis, rows }: BenchSweep, y: (row: BenchSweep['rows'][number]) => number): Curve {
  return {
    id: `${axis}-${colour}`,
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
  const curves = useMemo(
    () => [curve(0, t.measured, sweep, sweepMs), curve(1, t.counted, sweep, (row) => row.countedMsPerToken)],
    [sweep, t],
  )
  return (
    <figure className="chart" data-testid="sweep-chart">
      <figcaption>
        <h3>{inWords(sweepTitle(sweep))}</h3>
        <span className="muted">{t.perToken(sweepUnit(sweep))}</span>
      </figcaption>
      <MetricChart curves={curves} height={200} formatX={(x) => formatCompact(x, text)} formatY={formatValue} fromZero />
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
