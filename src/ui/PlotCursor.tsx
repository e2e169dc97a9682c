// The crosshair of charts that belong together. Each chart draws it in its own frame, without rendering the frame.
import { useEffect } from 'react'
import { useActiveTooltipCoordinate, useActiveTooltipLabel, useIsTooltipActive, usePlotArea, useXAxisScale, useYAxisScale } from 'recharts'
import { useStore } from 'zustand'
import type { ChartView } from '../store/chart-view'
import type { PlotSource } from '../store/plot-line'
import type { Interval } from '../store/plot-range'
import { readingsAt } from './plot-readings'

interface Props {
  id: string
  view: ChartView
  source: PlotSource
  reach: number
  /** The part of the axis that is being drawn with a pressed button. */
  selected: Interval | undefined
}

/** Pixels from a line within which the pointer is on it. */
const near = 20

/** Tells the other charts where the pointer or the keyboard is, and which run it is on. */
function useTelling({ id, view, source, reach }: Props): void {
  const active = useIsTooltipActive()
  const label = useActiveTooltipLabel()
  const height = useActiveTooltipCoordinate()?.y
  const scale = useYAxisScale()
  const at = active && label !== undefined ? Number(label) : undefined
  useEffect(() => {
    if (at === undefined) {
      if (view.getState().at === id) view.setState({ cursor: undefined, at: undefined, lit: undefined })
      return
    }
    const distances = readingsAt(source.lines(), at, reach).map(({ line, value }) => ({
      run: line.run,
      away: Math.abs(Number(scale?.(value)) - (height ?? NaN)),
    }))
    const lit = distances.filter(({ away }) => away < near).toSorted((a, b) => a.away - b.away)[0]?.run
    view.setState({ cursor: at, at: id, lit })
  }, [at, height, scale, id, view, source, reach])
}

export function PlotCursor(props: Props) {
  const { view, selected } = props
  useTelling(props)
  const area = usePlotArea()
  const scale = useXAxisScale()
  const cursor = useStore(view, (s) => s.cursor)
  const pinned = useStore(view, (s) => s.pinned)
  if (!area || !scale) return null
  const at = (x: number): number => Number(scale(x))
  const inside = (x: number | undefined): x is number => x !== undefined && at(x) >= area.x - 0.5 && at(x) <= area.x + area.width + 0.5
  return (
    <g className="plot-cursor" data-cursor="" aria-hidden="true">
      {selected && (
        <rect
          className="plot-selected"
          x={Math.min(at(selected[0]), at(selected[1]))}
          width={Math.abs(at(selected[1]) - at(selected[0]))}
          y={area.y}
          height={area.height}
        />
      )}
      {inside(cursor) && <line x1={at(cursor)} x2={at(cursor)} y1={area.y} y2={area.y + area.height} />}
      {inside(pinned) && <line className="plot-pinned" x1={at(pinned)} x2={at(pinned)} y1={area.y} y2={area.y + area.height} />}
    </g>
  )
}
