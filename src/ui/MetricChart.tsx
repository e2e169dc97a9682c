// Lines in a frame of the chart library: axes, grid, tooltip, marks. The lines themselves are a canvas inside it.
import { type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject, memo, useMemo, useRef, useState } from 'react'
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { useStore } from 'zustand'
import { type ChartView, zoomed } from '../store/chart-view'
import type { PlotLine, PlotSource } from '../store/plot-line'
import type { Interval, PlotRanges } from '../store/plot-range'
import { PlotBrush } from './PlotBrush'
import { PlotCursor } from './PlotCursor'
import { type PlotHandle, PlotLayer } from './PlotLayer'
import { PlotTip, Readings } from './PlotTip'
import { formatTick } from './format'
import { useText } from './text/text'
import { usePlot } from './use-plot'
import { useVisible } from './use-visible'

interface MetricChartProps {
  id: string
  /** What screen readers call it. */
  label: string
  source: PlotSource
  view: ChartView
  height: number
  formatX: (x: number) => string
  /** A place on the horizontal axis in full, with its unit; absent: as on the axis. */
  formatPlace?: (x: number) => string
  formatY: (y: number) => string
  log?: boolean
  /** The vertical axis begins at zero, for values that are compared by height. */
  fromZero?: boolean
  /** Percent of the values that may lie outside at either end. */
  clip?: number
  /** Size of a round number on the horizontal axis, where it is not 1: minutes in milliseconds, say. */
  unitX?: number
  /** The lines still grow. */
  grows?: boolean
  /** Places on the horizontal axis with a word about each. */
  marks?: readonly { x: number; label: string }[]
  /** What else is said about a run beside its value. */
  about?: (run: string) => ReactNode
  /** It has the strip that shows which part of the axis is seen. */
  brush?: boolean
  /** Shown as long as no line has a point. */
  empty: ReactNode
  /** Shown under the lines. */
  under?: ReactNode
  /** Called with each picture. */
  onDrawn?: (lines: readonly PlotLine[]) => void
  handle?: RefObject<PlotHandle | null>
}

/** At how many places of the horizontal axis the tooltip can be. */
const places = 320

/** Rows for the tooltip: places on the axis. The chart library makes no scales without data, so they have a value in range. */
function placesOf({ x: [low, high], y }: PlotRanges, counted: boolean): { x: number; y: number }[] {
  const whole = counted && high - low <= places
  const count = whole ? Math.floor(high) - Math.ceil(low) + 1 : places + 1
  const at = (i: number): number => (whole ? Math.ceil(low) + i : low + ((high - low) * i) / places)
  return Array.from({ length: Math.max(1, count) }, (_, i) => ({ x: at(i), y: y.domain[0] }))
}

interface FrameProps extends Omit<MetricChartProps, 'empty' | 'under' | 'onDrawn' | 'clip' | 'fromZero' | 'grows'> {
  ranges: PlotRanges
  handle: RefObject<PlotHandle | null>
}

/** Pixels that a pointer may move during a click. */
const slack = 4

/** What a pressed button and a click do: draw a part of the axis to zoom into, or pin a place. */
function usePointing(view: ChartView, handle: RefObject<PlotHandle | null>) {
  const start = useRef<{ clientX: number; x: number }>(undefined)
  const [selected, setSelected] = useState<Interval>()
  const stop = (): void => {
    start.current = undefined
    setSelected(undefined)
  }
  const reaches = ({ clientX }: PointerEvent): number | undefined => {
    if (!start.current || Math.abs(clientX - start.current.clientX) <= slack) return undefined
    return handle.current?.at(clientX)
  }
  const listeners = {
    onPointerDown: (event: PointerEvent): void => {
      const x = handle.current?.at(event.clientX)
      // A finger scrolls the page.
      if (x !== undefined && event.button === 0 && event.pointerType !== 'touch') start.current = { clientX: event.clientX, x }
    },
    onPointerMove: (event: PointerEvent): void => {
      const end = reaches(event)
      if (start.current && end !== undefined) setSelected([start.current.x, end])
    },
    onPointerUp: (event: PointerEvent): void => {
      const end = reaches(event)
      const from = start.current?.x
      stop()
      if (from !== undefined && end !== undefined) return view.setState({ zoom: [Math.min(from, end), Math.max(from, end)] })
      const { cursor, pinned } = view.getState()
      if (cursor !== undefined) view.setState({ pinned: pinned === cursor ? undefined : cursor })
    },
    onPointerLeave: stop,
    onDoubleClick: (): void => view.setState({ zoom: undefined, pinned: undefined }),
  }
  return { selected, listeners }
}

/** What keys do beside the arrows, which the chart library moves the tooltip with. */
function pressed(event: KeyboardEvent, view: ChartView, { x: window, all }: PlotRanges): void {
  const { cursor, pinned } = view.getState()
  const narrow = (factor: number): void => view.setState({ zoom: zoomed(window, all, cursor ?? (window[0] + window[1]) / 2, factor) })
  if (event.key === 'Enter') view.setState({ pinned: cursor !== undefined && cursor !== pinned ? cursor : undefined })
  else if (event.key === 'Escape') view.setState({ pinned: undefined })
  else if (event.key === '+' || event.key === '=') narrow(0.5)
  else if (event.key === '-') narrow(2)
  else if (event.key === '0') view.setState({ zoom: undefined })
  else return
  event.preventDefault()
}

const Frame = memo(function Frame(props: FrameProps) {
  const {
    id,
    label,
    source,
    view,
    height,
    formatX,
    formatPlace = formatX,
    formatY,
    log = false,
    unitX = 1,
    marks = [],
    about,
    brush = false,
    ranges,
    handle,
  } = props
  const text = useText()
  const [host, setHost] = useState<HTMLDivElement | null>(null)
  const data = useMemo(() => placesOf(ranges, unitX === 1), [ranges, unitX])
  const reach = (ranges.x[1] - ranges.x[0]) / 40
  const { selected, listeners } = usePointing(view, handle)
  const { domain, ticks } = ranges.y
  return (
    <div className="plot-parts">
      <div className="plot" ref={setHost} onKeyDown={(event) => pressed(event, view, ranges)} {...listeners}>
        <ResponsiveContainer width="100%" height={height}>
          <LineChart data={data} aria-label={text.charts.keys(label)} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
            <CartesianGrid vertical={false} stroke="var(--grid)" />
            <XAxis
              dataKey="x"
              type="number"
              domain={[...ranges.x]}
              allowDataOverflow
              ticks={ranges.xTicks}
              tickFormatter={formatX}
              tick={{ fill: 'var(--muted)' }}
              stroke="var(--grid)"
              minTickGap={40}
            />
            <YAxis
              scale={log ? 'log' : 'auto'}
              domain={domain}
              allowDataOverflow
              ticks={ticks}
              tickFormatter={formatTick}
              tick={{ fill: 'var(--muted)' }}
              stroke="transparent"
              width={56}
            />
            <Line dataKey="y" stroke="none" dot={false} activeDot={false} isAnimationActive={false} legendType="none" />
            {marks.map(({ x, label: word }) => (
              <ReferenceLine
                key={x}
                x={x}
                stroke="var(--muted)"
                strokeDasharray="2 3"
                label={{ value: word, position: 'insideTopRight', fill: 'var(--muted)', fontSize: 11 }}
              />
            ))}
            <PlotCursor id={id} view={view} source={source} reach={reach} selected={selected} />
            {host && <PlotLayer source={source} ranges={ranges} log={log} view={view} host={host} handle={handle} />}
            <Tooltip
              isAnimationActive={false}
              cursor={false}
              content={<PlotTip source={source} reach={reach} formatX={formatPlace} formatY={formatY} about={about} />}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
      {brush && <PlotBrush all={ranges.all} view={view} formatX={formatX} />}
      {ranges.clipped && <p className="help">{text.charts.outside}</p>}
      <Pinned view={view} source={source} reach={reach} formatX={formatPlace} formatY={formatY} about={about} />
    </div>
  )
})

/** The values at the pinned place, under the chart. */
function Pinned({ view, ...reads }: { view: ChartView } & Omit<Parameters<typeof Readings>[0], 'at'>) {
  const pinned = useStore(view, (s) => s.pinned)
  if (pinned === undefined) return null
  return (
    <div className="chart-tip plot-readings" data-testid="pinned">
      <Readings at={pinned} {...reads} />
    </div>
  )
}

/** A chart. Until it has been on screen, its place is kept and nothing is drawn. */
export function MetricChart({ empty, under, onDrawn, clip = 0, fromZero = false, grows = false, handle, ...frame }: MetricChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const own = useRef<PlotHandle>(null)
  const visible = useVisible(place)
  const [seen, setSeen] = useState(false)
  if (visible && !seen) setSeen(true)
  const { source, view, log = false, unitX = 1, height } = frame
  const zoom = useStore(view, (s) => s.zoom)
  const used = handle ?? own
  const ranges = usePlot(source, used, { log, unitX, fromZero, clip, zoom, grows, visible, onDrawn })
  return (
    <div ref={place} style={seen || !ranges ? undefined : { height }}>
      {!ranges ? empty : seen && <Frame {...frame} ranges={ranges} handle={used} />}
      {ranges && seen && under}
    </div>
  )
}
