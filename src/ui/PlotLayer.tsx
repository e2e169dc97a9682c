// The lines of a chart on a canvas inside the frame of the chart library. A new value redraws the canvas and renders nothing.
import { type RefObject, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef } from 'react'
import { createPortal } from 'react-dom'
import { usePlotArea } from 'recharts'
import type { ChartView } from '../store/chart-view'
import type { PlotSource } from '../store/plot-line'
import type { PlotRanges } from '../store/plot-range'
import { type PlotPlace, PointCache, drawLines, linePaths, margin } from './plot-canvas'
import { coloursAt } from './row-canvas'
import { useScheme } from './use-scheme'

export interface PlotHandle {
  draw(): void
  /** The place on the horizontal axis under a point of the screen. */
  at(clientX: number): number | undefined
  /** The lines as paths of SVG, in pixels of the plot, and where the plot is in the chart. */
  paths(): { left: number; top: number; width: number; height: number; lines: ReturnType<typeof linePaths> } | undefined
}

interface Props {
  source: PlotSource
  ranges: PlotRanges
  log: boolean
  view: ChartView
  host: HTMLElement
  handle: RefObject<PlotHandle | null>
}

/** Gives the colour of a CSS colour at `canvas`; each is asked for once, because asking makes the browser compute styles. */
function useColours(canvas: RefObject<HTMLCanvasElement | null>): (css: string) => string {
  const scheme = useScheme()
  const known = useMemo(() => ({ scheme, colours: new Map<string, string>() }).colours, [scheme])
  return useCallback(
    (css) => {
      let colour = known.get(css)
      if (colour === undefined && canvas.current) {
        colour = coloursAt(canvas.current, [css])[0]
        known.set(css, colour)
      }
      return colour ?? css
    },
    [known, canvas],
  )
}

export function PlotLayer({ source, ranges, log, view, host, handle }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const area = usePlotArea()
  const { x: left = 0, y: top = 0, width = 0, height = 0 } = area ?? {}
  const colour = useColours(canvas)
  const kept = useMemo(() => ({ source, cache: new PointCache() }), [source])
  const place = useMemo<PlotPlace>(() => ({ width, height, ranges, log }), [width, height, ranges, log])
  const draw = useCallback((): void => {
    if (!canvas.current || place.width <= 0) return
    const lines = kept.source.lines()
    canvas.current.dataset.lines = String(lines.length)
    drawLines(canvas.current, { lines, place, cache: kept.cache, colour, lit: view.getState().lit })
  }, [kept, place, colour, view])
  useImperativeHandle(
    handle,
    () => ({
      draw,
      at: (clientX) => {
        if (!canvas.current || place.width <= 0) return undefined
        const share = (clientX - canvas.current.getBoundingClientRect().left - margin) / place.width
        const [low, high] = place.ranges.x
        return low + Math.min(1, Math.max(0, share)) * (high - low)
      },
      paths: () =>
        canvas.current
          ? { left, top, width, height, lines: linePaths({ lines: kept.source.lines(), place, cache: kept.cache, colour }) }
          : undefined,
    }),
    [draw, kept, place, colour, left, top, width, height],
  )
  useLayoutEffect(() => {
    // In the next frame, the page has the colours of a theme that was just chosen.
    const waiting = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(waiting)
  }, [draw])
  useEffect(
    () =>
      view.subscribe((now, before) => {
        if (now.lit !== before.lit) draw()
      }),
    [view, draw],
  )
  if (!area) return null
  return createPortal(
    <canvas
      ref={canvas}
      className="plot-canvas"
      style={{ left: left - margin, top: top - margin, width: width + 2 * margin, height: height + 2 * margin }}
      aria-hidden="true"
    />,
    host,
  )
}
