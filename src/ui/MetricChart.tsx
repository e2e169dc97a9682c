// Data in, lines out. Only this file and RowChart know the chart library.
import { memo, useMemo } from 'react'
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { type ValueAxis, nearestIndex, reduceMinMax, roundTicks, valueAxis } from '../store/curves'
import { formatTick } from './format'

/** One line with all its values. The chart draws as many as can be seen. */
export interface Curve {
  id: string
  name: string
  colour: string
  dash: string
  /** Drawn thin and pale, not named in the tooltip. */
  faint?: boolean
  /** Drawn with its points. */
  dots?: boolean
  xs: Float64Array
  ys: Float64Array
}

interface Props {
  curves: Curve[]
  height: number
  formatX: (x: number) => string
  formatY: (y: number) => string
  log?: boolean
  /** The vertical axis begins at zero, for values that are compared by height. */
  fromZero?: boolean
  /** Size of a round number on the horizontal axis, where it is not 1: minutes in milliseconds, say. */
  unitX?: number
}

type Row = Record<string, number>
const pointsPerCurve = 300

/** One row for each x that any curve draws. */
function rowsOf(curves: Curve[], log: boolean): Row[] {
  const rows = new Map<number, Row>()
  for (const curve of curves)
    for (const i of reduceMinMax(curve.ys, pointsPerCurve)) {
      const x = curve.xs[i] ?? 0
      const y = curve.ys[i] ?? NaN
      if (!Number.isFinite(x) || !Number.isFinite(y) || (log && y <= 0)) continue
      const row = rows.get(x) ?? { x }
      row[curve.id] = y
      rows.set(x, row)
    }
  return [...rows.values()].sort((a, b) => (a.x ?? 0) - (b.x ?? 0))
}

/** The vertical axis for all drawn values. */
function axisOf(rows: Row[], curves: Curve[], fromZero: boolean): ValueAxis {
  let low = Infinity
  let high = -Infinity
  for (const row of rows)
    for (const curve of curves) {
      const y = row[curve.id]
      if (y === undefined) continue
      low = Math.min(low, y)
      high = Math.max(high, y)
    }
  return valueAxis(low, high, fromZero)
}

interface TipProps {
  active?: boolean
  label?: string | number
  curves: Curve[]
  formatX: (x: number) => string
  formatY: (y: number) => string
}

/** Values at the logged place nearest to the pointer, at full resolution. */
function Tip({ active, label, curves, formatX, formatY }: TipProps) {
  if (!active || label === undefined) return null
  const at = Number(label)
  return (
    <div className="chart-tip">
      <p className="muted">{formatX(at)}</p>
      <ul>
        {curves
          .filter((c) => !c.faint)
          .map((curve) => {
            const i = nearestIndex(curve.xs, at)
            if (i < 0) return null
            return (
              <li key={curve.id}>
                <svg className="line-swatch" viewBox="0 0 20 4" aria-hidden="true">
                  <line x1={0} x2={20} y1={2} y2={2} stroke={curve.colour} strokeDasharray={curve.dash} />
                </svg>
                {curve.name} <strong>{formatY(curve.ys[i] ?? NaN)}</strong>
              </li>
            )
          })}
      </ul>
    </div>
  )
}

export const MetricChart = memo(function MetricChart({
  curves,
  height,
  formatX,
  formatY,
  log = false,
  fromZero = false,
  unitX = 1,
}: Props) {
  const rows = useMemo(() => rowsOf(curves, log), [curves, log])
  const { domain, ticks } = useMemo(() => axisOf(rows, curves, fromZero), [rows, curves, fromZero])
  const xTicks = useMemo(() => {
    const round = roundTicks(rows[0]?.x ?? 0, rows[rows.length - 1]?.x ?? 0, 6, unitX)
    // Steps and tokens are counted: there is nothing between two of them.
    return unitX === 1 ? round.filter(Number.isInteger) : round
  }, [rows, unitX])
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart data={rows} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--grid)" />
        <XAxis
          dataKey="x"
          type="number"
          domain={['dataMin', 'dataMax']}
          ticks={xTicks}
          tickFormatter={formatX}
          tick={{ fill: 'var(--muted)' }}
          stroke="var(--grid)"
          minTickGap={40}
        />
        <YAxis
          scale={log ? 'log' : 'auto'}
          domain={log ? ['auto', 'auto'] : domain}
          ticks={log ? undefined : ticks}
          tickFormatter={formatTick}
          tick={{ fill: 'var(--muted)' }}
          stroke="transparent"
          width={56}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--line-strong)' }}
          content={<Tip curves={curves} formatX={formatX} formatY={formatY} />}
        />
        {curves.map((curve) => (
          <Line
            key={curve.id}
            dataKey={curve.id}
            type="linear"
            stroke={curve.colour}
            strokeWidth={curve.faint ? 1 : 2}
            strokeOpacity={curve.faint ? 0.3 : 1}
            strokeDasharray={curve.faint ? '' : curve.dash}
            dot={curve.dots ? { r: 3, fill: curve.colour, strokeDasharray: '' } : false}
            activeDot={curve.faint ? false : { r: 4 }}
            isAnimationActive={false}
            connectNulls
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  )
})
