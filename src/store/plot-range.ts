// The ranges of a chart's axes. They follow round numbers, so that a line that grows seldom changes them.
import { roundTicks } from './curves'
import { type PlotLine, firstAt } from './plot-line'

export type Interval = readonly [low: number, high: number]

interface ValueAxis {
  domain: [number, number]
  ticks: number[]
}

export interface PlotRanges {
  /** The part of the horizontal axis that is shown, and all of it. */
  x: Interval
  all: Interval
  xTicks: number[]
  y: ValueAxis
  /** Some values lie above or below what is shown. */
  clipped: boolean
}

export interface RangeOptions {
  log: boolean
  /** The vertical axis begins at zero where no value is below. */
  fromZero: boolean
  /** Percent of a line's values that may lie outside at either end. */
  clip: number
  /** Size of a round number on the horizontal axis. */
  unitX: number
  /** The part of the horizontal axis that is shown; absent: all of it. */
  zoom?: Interval
  /** The lines still grow, so the axis has room at its end. */
  grows: boolean
}

/** Fractions of a power of ten at which a growing axis ends. */
const ends = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

/** The next round end of an axis at or after `x`, in multiples of `unit`. */
function roundEnd(x: number, unit = 1): number {
  if (!(x > 0)) return x
  const units = x / unit
  const power = 10 ** Math.floor(Math.log10(units))
  const factor = ends.find((end) => end * power >= units * (1 - 1e-12)) ?? 10
  return Number((factor * power * unit).toPrecision(12))
}

/** How many values of a line are looked at for its percentiles. */
const sampled = 1000

interface GrownSpan {
  line: PlotLine
  log: boolean
  low: number
  high: number
}

/** What is known of lines that grow in place: for a new value, 50,000 others need not be read again. */
export class GrownSpans {
  private readonly known = new Map<string, GrownSpan>()

  /** The lowest and highest of all values that fit; Infinity and -Infinity if none does. */
  of(line: PlotLine, log: boolean, fits: (y: number) => boolean): Interval {
    const { id, ys, shows } = line
    const before = this.known.get(id)
    const begun = before?.line.ys
    const grows =
      begun?.buffer === ys.buffer && begun.byteOffset === ys.byteOffset && begun.length <= ys.length && before?.line.shows === shows
    const from = before && grows && before.log === log ? before : { line: { ys: [] }, low: Infinity, high: -Infinity }
    let { low, high } = from
    for (let i = from.line.ys.length; i < ys.length; i++) {
      const y = ys[i]
      if (!fits(y)) continue
      if (y < low) low = y
      if (y > high) high = y
    }
    this.known.set(id, { line, log, low, high })
    return [low, high]
  }
}

/** The lowest and highest value that `line` shows in the window, or the percentiles `clip` and 100 − `clip`; undefined if none is finite. */
function spanOf(line: PlotLine, window: Interval | undefined, clip: number, log: boolean, grown: GrownSpans): Interval | undefined {
  const { xs, ys, shows } = line
  const from = window ? firstAt(xs, window[0]) : 0
  const to = Math.min(ys.length, window ? firstAt(xs, window[1] + 1e-9) : ys.length)
  const fits = (y: number): boolean => y - y === 0 && (!log || (shows ? shows(y) : y) > 0)
  let [low, high] = [Infinity, -Infinity]
  if (clip === 0 && !window) [low, high] = grown.of(line, log, fits)
  else if (clip === 0) {
    for (let i = from; i < to; i++) {
      const y = ys[i]
      if (!fits(y)) continue
      if (y < low) low = y
      if (y > high) high = y
    }
  } else {
    const stride = Math.max(1, Math.floor((to - from) / sampled))
    const values: number[] = []
    for (let i = to - 1; i >= from; i -= stride) if (fits(ys[i])) values.push(ys[i])
    values.sort((a, b) => a - b)
    const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? NaN
    ;[low, high] = [at(clip / 100), at(1 - clip / 100)]
  }
  if (!(low <= high)) return undefined
  const [a, b] = shows ? [shows(low), shows(high)] : [low, high]
  return Number.isFinite(a) && Number.isFinite(b) ? [a, b] : undefined
}

/** The value in the middle; the lower of two. */
function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN
}

/** How many usual heights above the usual top a line's top may lie before the chart no longer follows it. */
const far = 5

/** The range of all lines. With `clip`, a line far outside the others does not count. */
function union(spans: readonly Interval[], clip: number): Interval | undefined {
  if (spans.length === 0) return undefined
  const [bottom, top] = [middle(spans.map(([low]) => low)), middle(spans.map(([, high]) => high))]
  const height = top - bottom || Math.abs(top) || 1
  const counted = clip === 0 ? spans : spans.filter(([low, high]) => high <= top + far * height && low >= bottom - far * height)
  return [Math.min(...counted.map(([low]) => low)), Math.max(...counted.map(([, high]) => high))]
}

/** Round bounds around `low` … `high`, and about five ticks. */
function roundAxis(low: number, high: number, fromZero: boolean): ValueAxis {
  // If all values are zero there is no scale to show, only the zero line.
  if (low === 0 && high === 0) return { domain: [0, 1], ticks: [0] }
  const room = (high - low || Math.abs(high) || 1) * 0.02
  // Losses and norms are read against zero where zero is near.
  const from = low >= 0 && (fromZero || low < high / 3) ? 0 : low - room
  const step = tickStep(from, high + room)
  const domain: [number, number] = [Math.floor(from / step + 1e-9) * step, Math.ceil((high + room) / step - 1e-9) * step]
  // A rounded bound that lost the value itself would cut it off.
  const [bottom, top] = [Math.min(low, exact(domain[0])), Math.max(high, exact(domain[1]))]
  return { domain: [bottom, top], ticks: roundTicks(bottom, top, 5) }
}

const exact = (value: number): number => Number(value.toPrecision(12))

function tickStep(low: number, high: number): number {
  const ticks = roundTicks(low, high, 5)
  // A quarter of a tick, so that a chart is not mostly empty.
  return ticks.length > 1 ? (ticks[1] - ticks[0]) / 4 : high - low || 1
}

/** An axis of powers: whole ones where there are two or more, else round numbers between. */
function logAxis(low: number, high: number): ValueAxis {
  const [from, to] = [Math.log10(low), Math.log10(high)]
  if (to - from < 1) {
    const { domain, ticks } = roundAxis(low, high * 1.0001, false)
    const bottom = domain[0] > 0 ? domain[0] : low * 0.9
    return { domain: [bottom, domain[1]], ticks: ticks.filter((tick) => tick > 0) }
  }
  const [first, last] = [Math.floor(from * 2 + 1e-9) / 2, Math.ceil(to * 2 - 1e-9) / 2]
  const stride = Math.max(1, Math.ceil((last - first) / 6))
  const powers = Array.from({ length: Math.floor(last) - Math.ceil(first) + 1 }, (_, i) => 10 ** (Math.ceil(first) + i))
  return { domain: [10 ** first, 10 ** last], ticks: powers.filter((_, i) => i % stride === 0) }
}

/** The ranges in which `lines` are drawn; undefined if they have no point. `grown` is kept from one call to the next while they grow. */
export function rangesOf(lines: readonly PlotLine[], options: RangeOptions, grown = new GrownSpans()): PlotRanges | undefined {
  const filled = lines.filter(({ xs, ys }) => xs.length > 0 && ys.length > 0)
  if (filled.length === 0) return undefined
  const { zoom, unitX, clip, log, fromZero, grows } = options
  const start = Math.min(...filled.map(({ xs }) => xs[0]))
  const newest = Math.max(...filled.map(({ xs }) => xs[xs.length - 1]))
  const all: Interval = [start, grows ? Math.max(roundEnd(newest, unitX), start) : newest]
  const x = zoom ?? all
  const inRange = filled.filter(({ outOfRange }) => !outOfRange)
  // Of one run that failed, its own values are all there is.
  const counted = inRange.length > 0 ? inRange : filled
  const spans = counted.map((line) => spanOf(line, zoom, clip, log, grown)).filter((found) => found !== undefined)
  const span = union(spans, clip)
  const y = span ? (log ? logAxis(...span) : roundAxis(...span, fromZero)) : { domain: [0, 1] as [number, number], ticks: [] }
  const round = roundTicks(x[0], x[1], 6, unitX)
  const clipped = span !== undefined && isClipped(filled, y, options, counted.length < filled.length)
  // Steps and tokens are counted: there is nothing between two of them.
  return { x, all, xTicks: unitX === 1 ? round.filter(Number.isInteger) : round, y, clipped }
}

/** Whether a value lies outside `domain`. Only clipping, runs that are left out and a log scale let one. */
function isClipped(lines: readonly PlotLine[], { domain }: ValueAxis, { zoom, clip, log }: RangeOptions, left: boolean): boolean {
  if (clip === 0 && !left && !log) return false
  return lines.some((line) => {
    const span = spanOf(line, zoom, 0, false, new GrownSpans())
    return span !== undefined && (span[0] < domain[0] || span[1] > domain[1])
  })
}

export function sameRanges(a: PlotRanges | undefined, b: PlotRanges | undefined): boolean {
  if (!a || !b) return a === b
  return (
    a.x[0] === b.x[0] &&
    a.x[1] === b.x[1] &&
    a.all[0] === b.all[0] &&
    a.all[1] === b.all[1] &&
    a.clipped === b.clipped &&
    a.y.domain[0] === b.y.domain[0] &&
    a.y.domain[1] === b.y.domain[1] &&
    a.xTicks.length === b.xTicks.length
  )
}
