// A run's loss in a thumbnail.
import { reduceMinMax, smooth } from '../store/curves'
import { curveColour } from './curve-style'

const width = 160
const height = 40

export function Sparkline({ values, colour }: { values: Float64Array; colour: number }) {
  const smoothed = smooth(values, 0.6)
  const kept = reduceMinMax(smoothed, 80).filter((i) => Number.isFinite(smoothed[i]))
  if (kept.length < 2) return null
  const ys = kept.map((i) => smoothed[i] ?? 0)
  const low = Math.min(...ys)
  const range = Math.max(...ys) - low || 1
  const last = Math.max(1, values.length - 1)
  const points = kept.map(
    (i, k) => `${((i / last) * width).toFixed(1)},${(height - 3 - (((ys[k] ?? 0) - low) / range) * (height - 6)).toFixed(1)}`,
  )
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(' ')} stroke={curveColour(colour)} />
    </svg>
  )
}
