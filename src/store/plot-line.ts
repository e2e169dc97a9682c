// Lines of charts as they grow: smoothed once, reduced to what can be seen.

/** One line with all its values. They may grow in place. */
export interface PlotLine {
  id: string
  /** What it belongs to, with other lines: pointing at one of them lights all. */
  run: string
  name: string
  colour: string
  dash: string
  /** Values as measured, drawn pale behind their average; not named in the tooltip. */
  faint?: boolean
  /** Drawn with its points. */
  dots?: boolean
  /** Places on the horizontal axis that are marked on the line, ascending. */
  marks?: Float64Array
  xs: Float64Array
  ys: Float64Array
  /** What is shown of a value; it never falls where the value rises. Absent: the value itself. */
  shows?: (y: number) => number
  /** Of a run that failed: it is drawn, and the range of the chart follows the others. */
  outOfRange?: boolean
}

/** Lines that grow. */
export interface PlotSource {
  /** The lines as they are now. */
  lines(): readonly PlotLine[]
  /** Calls `changed` whenever a value has come, until the returned function is called. */
  subscribe(changed: () => void): () => void
}

/** Lines that do not change. */
export function fixedSource(lines: readonly PlotLine[]): PlotSource {
  return { lines: () => lines, subscribe: () => () => undefined }
}

/**
 * Exponential moving average of values that grow, debiased as in TensorBoard: ema_t = w·ema_{t-1} + (1-w)·y_t, shown as ema_t / (1 - w^t).
 * Values that are not finite are passed over. `weight` is 0 (no smoothing) … <1. Each value is read once.
 */
export class Smoothed {
  /** How many values were read. */
  length = 0
  private out = new Float64Array(0)
  private ema = 0
  private correction = 1

  constructor(readonly weight: number) {}

  /** The averages of `values`, which begin with the values of the call before. */
  of(values: Float64Array): Float64Array {
    if (values.length > this.out.length) {
      const grown = new Float64Array(values.length + Math.max(16, values.length >> 3))
      grown.set(this.out.subarray(0, this.length))
      this.out = grown
    }
    for (let i = this.length; i < values.length; i++) {
      const value = values[i] ?? NaN
      if (!Number.isFinite(value)) {
        this.out[i] = value
        continue
      }
      this.ema = this.weight * this.ema + (1 - this.weight) * value
      this.correction *= this.weight
      this.out[i] = this.ema / (1 - this.correction)
    }
    this.length = values.length
    return this.out.subarray(0, values.length)
  }
}

/** Index of the first value of ascending `xs` that is not below `x`; their number if there is none. */
export function firstAt(xs: Float64Array, x: number): number {
  let [low, high] = [0, xs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((xs[middle] ?? 0) < x) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The points of a line between `from` and `to`, as pairs x, y: the lowest and the highest value of each of `columns` equally wide columns, in their
 * order, so that no spike is lost. One point on either side of the window is kept, since the line runs to it. Values that are not finite are left out.
 */
export function visiblePoints(xs: Float64Array, ys: Float64Array, [from, to]: readonly [number, number], columns: number): Float64Array {
  const first = Math.max(0, firstAt(xs, from) - 1)
  const end = Math.min(xs.length, ys.length, firstAt(xs, to) + 1)
  const count = Math.max(0, end - first)
  if (count <= 2 * columns) {
    const out = new Float64Array(2 * count)
    let n = 0
    for (let i = first; i < end; i++) {
      const y = ys[i]
      if (!Number.isFinite(y)) continue
      out[n++] = xs[i]
      out[n++] = y
    }
    return out.subarray(0, n)
  }
  const out = new Float64Array(4 * (columns + 3))
  const scale = columns / (to - from || 1)
  let n = 0
  let [column, low, high] = [NaN, -1, -1]
  const put = (i: number): void => {
    out[n++] = xs[i]
    out[n++] = ys[i]
  }
  const close = (): void => {
    if (low < 0) return
    put(Math.min(low, high))
    if (low !== high) put(Math.max(low, high))
  }
  for (let i = first; i < end; i++) {
    const y = ys[i]
    // NaN and the infinities give NaN.
    if (y - y !== 0) continue
    const at = Math.min(columns, Math.max(-1, Math.floor((xs[i] - from) * scale)))
    if (at !== column) {
      close()
      column = at
      low = high = i
    } else if (y < ys[low]) low = i
    else if (y > ys[high]) high = i
  }
  close()
  return out.subarray(0, n)
}
