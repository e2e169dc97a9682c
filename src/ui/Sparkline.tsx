// A run's loss in a thumbnail.
import { Smoothed, visiblePoints } from '../store/plot-line'
import { curveColour } from './curve-style'

const width = 160
const height = 40

/** How many columns of it have their lowest and highest value drawn. */
const columns = 40

export function Sparkline({ values, colour }: { values: Float64Array; colour: number }) {
  const xs = Float64Array.from(values, (_, i) => i)
  const points = visiblePoints(xs, new Smoothed(0.6).of(values), [0, values.length - 1], columns)
  if (points.length < 4) return null
  const ys = points.filter((_, i) => i % 2 === 1)
  const low = Math.min(...ys)
  const range = Math.max(...ys) - low || 1
  const last = Math.max(1, values.length - 1)
  const places = Array.from(ys, (y, i) => {
    const x = (points[2 * i] / last) * width
    return `${x.toFixed(1)},${(height - 3 - ((y - low) / range) * (height - 6)).toFixed(1)}`
  })
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={places.join(' ')} stroke={curveColour(colour)} />
    </svg>
  )
}
