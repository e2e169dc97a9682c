// A strip under a chart with the part of the horizontal axis that all charts show. Its two handles are moved with a pointer or with keys.
import { useEffect, useMemo, useRef } from 'react'
import { Brush, LineChart, ResponsiveContainer } from 'recharts'
import { useStore } from 'zustand'
import type { ChartView } from '../store/chart-view'
import type { Interval } from '../store/plot-range'
import { useText } from './text/text'

const places = 100
/** A moved handle draws all charts anew, at most this often. */
const everyMs = 80

interface Props {
  all: Interval
  view: ChartView
  formatX: (x: number) => string
}

export function PlotBrush({ all: [low, high], view, formatX }: Props) {
  const text = useText()
  const zoom = useStore(view, (s) => s.zoom)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const at = (i: number): number => low + ((high - low) * i) / places
  const placeOf = (x: number): number => Math.min(places, Math.max(0, Math.round(((x - low) / (high - low || 1)) * places)))
  const data = useMemo(() => Array.from({ length: places + 1 }, (_, i) => ({ x: low + ((high - low) * i) / places })), [low, high])
  const [start, end] = zoom ? [placeOf(zoom[0]), placeOf(zoom[1])] : [0, places]
  const onChange = ({ startIndex = 0, endIndex = places }: { startIndex?: number; endIndex?: number }): void => {
    if (startIndex === start && endIndex === end) return
    clearTimeout(timer.current)
    const all = startIndex === 0 && endIndex === places
    timer.current = setTimeout(
      () => view.setState({ zoom: all || endIndex <= startIndex ? undefined : [at(startIndex), at(endIndex)] }),
      everyMs,
    )
  }
  if (!(high > low)) return null
  return (
    <div className="plot-brush">
      <ResponsiveContainer width="100%" height={26}>
        <LineChart data={data} accessibilityLayer={false} margin={{ top: 0, right: 12, bottom: 0, left: 56 }}>
          <Brush
            dataKey="x"
            height={20}
            startIndex={start}
            endIndex={Math.max(start, end)}
            onChange={onChange}
            tickFormatter={formatX}
            ariaLabel={text.charts.brush}
            travellerWidth={8}
            fill="var(--surface-2)"
            stroke="var(--muted)"
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  )
}
