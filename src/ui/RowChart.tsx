// The points of a map of rows in a frame of the chart library. They are drawn on a canvas, because there may be thousands.
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { CartesianGrid, ResponsiveContainer, Scatter, ScatterChart, XAxis, YAxis, usePlotArea } from 'recharts'
import { roundTicks } from '../store/curves'
import type { Rectangle } from '../store/row-map'
import { formatTick } from './format'
import { coloursAt, drawDots } from './row-canvas'
import { useScheme } from './use-scheme'

interface PointsShown {
  xs: readonly number[]
  ys: readonly number[]
  of: readonly number[]
  picked: readonly boolean[]
}

interface Props {
  points: PointsShown
  /** Coordinates of all points, those too that are not shown any more: the frame stays as it is. */
  all: { x: readonly number[]; y: readonly number[] }
  /** CSS colours of the classes. */
  colours: readonly string[]
  label: string
  describedBy: string
  onPick: (rectangle: Rectangle, add: boolean) => void
  /** The point at this place of `points` was clicked. */
  onToggle: (index: number) => void
}

type Domain = readonly [number, number]

/** Pixels that a pointer may move during a click, and from a point to be on it. */
const [slack, reach] = [4, 10]
/** About how many numbers an axis has. */
const ticks = 6

function domainOf(values: readonly number[]): Domain {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)]
  if (low > high) return [0, 1]
  const margin = (high - low) * 0.04 || 1
  return [low - margin, high + margin]
}

interface Corner {
  x: number
  y: number
}

const between = (a: Corner, b: Corner): Rectangle => ({
  left: Math.min(a.x, b.x),
  right: Math.max(a.x, b.x),
  bottom: Math.min(a.y, b.y),
  top: Math.max(a.y, b.y),
})

/** A rectangle that arrow keys move, or resize with `sized`. */
function moved(from: Rectangle | undefined, key: string, sized: boolean, [x, y]: readonly [Domain, Domain]): Rectangle {
  const [width, height] = [x[1] - x[0], y[1] - y[0]]
  if (!from) return { left: x[0] + 0.4 * width, right: x[0] + 0.6 * width, bottom: y[0] + 0.4 * height, top: y[0] + 0.6 * height }
  const dx = key === 'ArrowRight' ? width / 25 : key === 'ArrowLeft' ? -width / 25 : 0
  const dy = key === 'ArrowUp' ? height / 25 : key === 'ArrowDown' ? -height / 25 : 0
  const { left, right, bottom, top } = from
  if (!sized) return { left: left + dx, right: right + dx, bottom: bottom + dy, top: top + dy }
  return { left, right: Math.max(left + width / 50, right + dx), bottom, top: Math.max(bottom + height / 50, top + dy) }
}

interface Plotted extends Props {
  domains: readonly [Domain, Domain]
  host: HTMLElement
}

interface Place {
  domains: readonly [Domain, Domain]
  width: number
  height: number
}

function pixelsOf({ domains: [[x0, x1], [y0, y1]], width, height }: Place, { x, y }: Corner): Corner {
  return { x: ((x - x0) / (x1 - x0)) * width, y: ((y1 - y) / (y1 - y0)) * height }
}

function cornerAt(event: PointerEvent<HTMLCanvasElement>, { domains: [[x0, x1], [y0, y1]], width, height }: Place): Corner {
  const { left, top } = event.currentTarget.getBoundingClientRect()
  return { x: x0 + ((event.clientX - left) / width) * (x1 - x0), y: y1 - ((event.clientY - top) / height) * (y1 - y0) }
}

type Clicked = (at: Corner) => void

/** The rectangle that is being drawn by a pointer or moved by keys, and what listens to both. */
function useFrame(place: Place, onPick: Props['onPick'], onClicked: Clicked) {
  const [frame, setFrame] = useState<Rectangle>()
  const [start, setStart] = useState<Corner>()
  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    setStart(cornerAt(event, place))
    setFrame(undefined)
  }
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (start) setFrame(between(start, cornerAt(event, place)))
  }
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (!start) return
    const end = cornerAt(event, place)
    const [a, b] = [pixelsOf(place, start), pixelsOf(place, end)]
    setStart(undefined)
    setFrame(undefined)
    if (Math.hypot(a.x - b.x, a.y - b.y) > slack) onPick(between(start, end), event.shiftKey)
    else onClicked(b)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLCanvasElement>): void => {
    if (event.key.startsWith('Arrow')) setFrame((now) => moved(now, event.key, event.shiftKey, place.domains))
    else if (event.key === 'Enter' && frame) onPick(frame, event.shiftKey)
    else if (event.key === 'Escape' && frame) setFrame(undefined)
    else return
    event.preventDefault()
  }
  const onPointerCancel = (): void => setStart(undefined)
  return { frame, listeners: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onKeyDown } }
}

/** The frame in pixels. */
function shownFrame(place: Place, { left, right, bottom, top }: Rectangle): Rectangle {
  const [a, b] = [pixelsOf(place, { x: left, y: top }), pixelsOf(place, { x: right, y: bottom })]
  return { left: a.x, right: b.x, top: a.y, bottom: b.y }
}

/** The canvas over the plot. */
function Canvas({ points, colours, label, describedBy, onPick, onToggle, domains, host }: Plotted) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const area = usePlotArea()
  const { width = 0, height = 0 } = area ?? {}
  const place = useMemo(() => ({ domains, width, height }), [domains, width, height])
  const dots = useMemo(() => {
    const at = points.xs.map((x, i) => pixelsOf(place, { x, y: points.ys[i] }))
    return { ...points, xs: at.map(({ x }) => x), ys: at.map(({ y }) => y) }
  }, [place, points])
  const { frame, listeners } = useFrame(place, onPick, (at) => {
    const distances = dots.xs.map((x, i) => Math.hypot(x - at.x, dots.ys[i] - at.y))
    const nearest = distances.reduce((best, distance, i) => (distance < (distances[best] ?? Infinity) ? i : best), -1)
    if (nearest >= 0 && distances[nearest] <= reach) onToggle(nearest)
  })
  useEffect(() => {
    // In the next frame, the page has the colours of a theme that was just chosen.
    const waiting = requestAnimationFrame(() => {
      if (!canvas.current) return
      const [other, ring, ...own] = coloursAt(canvas.current, ['var(--muted)', 'var(--ink)', ...colours])
      drawDots(canvas.current, dots, { colours: own, other, ring }, frame && shownFrame(place, frame))
    })
    return () => cancelAnimationFrame(waiting)
  }, [dots, colours, frame, place])
  if (!area) return null
  return createPortal(
    <canvas
      ref={canvas}
      className="map-canvas"
      data-testid="map-canvas"
      style={{ left: area.x, top: area.y, width, height }}
      role="application"
      tabIndex={0}
      aria-label={label}
      aria-describedby={describedBy}
      {...listeners}
    />,
    host,
  )
}

export function RowChart(props: Props) {
  const { x, y } = props.all
  const scheme = useScheme()
  const [host, setHost] = useState<HTMLDivElement | null>(null)
  const domains = useMemo(() => [domainOf(x), domainOf(y)] as const, [x, y])
  const axis = {
    type: 'number',
    tick: { fill: 'var(--muted)' },
    tickFormatter: formatTick,
    stroke: 'var(--grid)',
    allowDataOverflow: true,
  } as const
  // The library makes no scales without data: the corners of the plot.
  const corners = useMemo(() => [0, 1].map((i) => ({ x: domains[0][i], y: domains[1][i] })), [domains])
  return (
    <div className="map-plot" ref={setHost}>
      <ResponsiveContainer width="100%" height={420}>
        <ScatterChart accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
          <CartesianGrid stroke="var(--grid)" />
          <XAxis {...axis} dataKey="x" domain={[...domains[0]]} ticks={roundTicks(...domains[0], ticks)} />
          <YAxis {...axis} dataKey="y" domain={[...domains[1]]} ticks={roundTicks(...domains[1], ticks)} width={56} />
          <Scatter data={corners} fill="transparent" isAnimationActive={false} />
          {host && <Canvas key={scheme} {...props} domains={domains} host={host} />}
        </ScatterChart>
      </ResponsiveContainer>
    </div>
  )
}
