// Follows the lines of a chart outside React: a new value redraws the canvas, and only another range renders the frame.
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { PlotLine, PlotSource } from '../store/plot-line'
import { GrownSpans, type PlotRanges, type RangeOptions, rangesOf, sameRanges } from '../store/plot-range'
import type { PlotHandle } from './PlotLayer'

const redrawMs = 250
/** Off screen, only so often that scrolling there finds no old picture. */
const hiddenRedrawMs = 3000

interface Options extends RangeOptions {
  visible: boolean
  /** Called with each picture. */
  onDrawn?: (lines: readonly PlotLine[]) => void
}

/** The ranges of the lines of `source`; undefined as long as they have no point. */
export function usePlot(source: PlotSource, handle: RefObject<PlotHandle | null>, options: Options): PlotRanges | undefined {
  const { visible, onDrawn, log, fromZero, clip, unitX, zoom, grows } = options
  const asked = useMemo<RangeOptions>(() => ({ log, fromZero, clip, unitX, zoom, grows }), [log, fromZero, clip, unitX, zoom, grows])
  const everyMs = visible ? redrawMs : hiddenRedrawMs
  const [ranges, setRanges] = useState(() => rangesOf(source.lines(), asked))
  const shown = useRef(ranges)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let lastAt = 0
    const grown = new GrownSpans()
    const take = (): void => {
      timer = undefined
      lastAt = performance.now()
      const lines = source.lines()
      const now = rangesOf(lines, asked, grown)
      onDrawn?.(lines)
      if (sameRanges(now, shown.current)) return handle.current?.draw()
      shown.current = now
      setRanges(now)
    }
    const changed = (): void => {
      if (timer !== undefined) return
      timer = setTimeout(take, Math.max(0, lastAt + everyMs - performance.now()))
    }
    take()
    const stop = source.subscribe(changed)
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [source, handle, asked, everyMs, onDrawn])
  return ranges
}
