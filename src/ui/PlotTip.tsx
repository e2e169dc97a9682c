// The values of all runs at one place of a chart: where the pointer is, or where it was pinned.
import type { ReactNode } from 'react'
import type { PlotSource } from '../store/plot-line'
import { useText } from './text/text'
import { type Reading, readingsAt } from './plot-readings'

interface Reads {
  source: PlotSource
  /** Runs that were not logged within this distance of a place are left out there. */
  reach: number
  formatX: (x: number) => string
  formatY: (y: number) => string
  /** What else is said about a run. */
  about?: (run: string) => ReactNode
}

function Row({ reading: { line, value, raw }, formatY, about }: { reading: Reading } & Pick<Reads, 'formatY' | 'about'>) {
  const text = useText()
  return (
    <li>
      <svg className="line-swatch" viewBox="0 0 20 4" aria-hidden="true">
        <line x1={0} x2={20} y1={2} y2={2} stroke={line.colour} strokeDasharray={line.dash} />
      </svg>
      <span className="tip-words">
        {line.name} {about?.(line.run)}
      </span>
      <strong>{formatY(value)}</strong>
      {raw !== undefined && <span className="muted tip-raw">{text.charts.rawValue(formatY(raw))}</span>}
    </li>
  )
}

/** The list of values at `at`. */
export function Readings({ at, source, reach, formatX, formatY, about }: Reads & { at: number }) {
  const text = useText()
  const readings = readingsAt(source.lines(), at, reach)
  return (
    <>
      <p className="muted">{formatX(readings.length === 1 ? readings[0].x : at)}</p>
      {readings.length === 0 ? (
        <p>{text.charts.nothingHere}</p>
      ) : (
        <ul>
          {readings.map((reading) => (
            <Row key={reading.line.id} reading={reading} formatY={formatY} about={about} />
          ))}
        </ul>
      )}
    </>
  )
}

interface TipProps extends Reads {
  active?: boolean
  label?: string | number
}

/** The content of the chart library's tooltip. */
export function PlotTip({ active, label, ...reads }: TipProps) {
  if (!active || label === undefined) return null
  return (
    <div className="chart-tip" role="status">
      <Readings at={Number(label)} {...reads} />
    </div>
  )
}
