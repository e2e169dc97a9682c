// Places and round numbers on the axes of charts.

/** Index of the value nearest to `x` in ascending `xs`; -1 where there is none. */
export function nearestIndex(xs: Float64Array, x: number): number {
  if (xs.length === 0) return -1
  let low = 0
  let high = xs.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((xs[middle] ?? 0) < x) low = middle + 1
    else high = middle
  }
  if (low > 0 && x - (xs[low - 1] ?? 0) <= (xs[low] ?? 0) - x) return low - 1
  return low
}

/** About `count` round values from `low` to `high`: multiples of 1, 2 or 5 times a power of ten of `unit`, within the range. */
export function roundTicks(low: number, high: number, count: number, unit = 1): number[] {
  if (!(high > low)) return Number.isFinite(low) ? [low] : []
  const wanted = (high - low) / Math.max(1, count) / unit
  const power = 10 ** Math.floor(Math.log10(wanted))
  const factor = [1, 2, 5, 10].find((f) => f * power >= wanted) ?? 10
  const step = factor * power * unit
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)))
  // Two ticks can have the same twelve digits where the range is tiny beside its values.
  return [...new Set(ticks)]
}
