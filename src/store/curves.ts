// Prepares logged values for a chart: smooths them at full resolution, then reduces them.

/**
 * Exponential moving average, debiased as in TensorBoard: ema_t = w·ema_{t-1} + (1-w)·y_t, shown as ema_t / (1 - w^t).
 * Values that are not finite are passed over. `weight` 0 (no smoothing) … <1.
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  const out = new Float64Array(values.length)
  let ema = 0
  let correction = 1
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN
    if (!Number.isFinite(value)) {
      out[i] = value
      continue
    }
    ema = weight * ema + (1 - weight) * value
    correction *= weight
    out[i] = ema / (1 - correction)
  }
  return out
}

/**
 * Indices of at most `limit` points that keep every bucket's lowest and highest value, so that spikes stay visible.
 * Buckets hold equal numbers of points; first and last point always stay.
 */
export function reduceMinMax(values: Float64Array, limit: number): number[] {
  const n = values.length
  if (n <= limit) return Array.from({ length: n }, (_, i) => i)
  const buckets = Math.max(1, Math.floor((limit - 2) / 2))
  const out: number[] = [0]
  for (let b = 0; b < buckets; b++) {
    const from = 1 + Math.floor((b * (n - 2)) / buckets)
    const to = 1 + Math.floor(((b + 1) * (n - 2)) / buckets)
    let low = from
    let high = from
    for (let i = from; i < to; i++) {
      const value = values[i] ?? NaN
      if (value < (values[low] ?? NaN) || Number.isNaN(values[low])) low = i
      if (value > (values[high] ?? NaN) || Number.isNaN(values[high])) high = i
    }
    if (low === high) out.push(low)
    else out.push(Math.min(low, high), Math.max(low, high))
  }
  out.push(n - 1)
  return out
}

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
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

export interface ValueAxis {
  domain: [number, number]
  ticks: number[]
}

/** An axis from the lowest to the highest value with a little room, and round ticks. `fromZero`: it begins at zero where no value is below. */
export function valueAxis(low: number, high: number, fromZero: boolean): ValueAxis {
  if (!(low <= high)) return { domain: [0, 1], ticks: [] }
  // If all values are zero there is no scale to show, only the zero line.
  if (low === 0 && high === 0) return { domain: [0, 1], ticks: [0] }
  // Losses and norms are read against zero where zero is near.
  const from = low >= 0 && (fromZero || low < high / 3) ? 0 : low
  const room = (high - from || Math.abs(high)) * 0.04
  const domain: [number, number] = [from === 0 ? 0 : from - room, high + room]
  return { domain, ticks: roundTicks(domain[0], domain[1], 5) }
}
