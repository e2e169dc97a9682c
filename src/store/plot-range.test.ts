import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlotLine } from './plot-line'
import { GrownSpans, type RangeOptions, rangesOf, sameRanges } from './plot-range'

function line(ys: number[], more: Partial<PlotLine> = {}): PlotLine {
  const id = String(ys[0])
  const xs = Float64Array.from(ys, (_, i) => i + 1)
  return { id, run: id, name: id, colour: '', dash: '', xs, ys: Float64Array.from(ys), ...more }
}

const options: RangeOptions = { log: false, fromZero: false, clip: 0, unitX: 1, grows: false }

const axisOf = (low: number, high: number, log = false) => rangesOf([line([low, high])], { ...options, log })!.y

it('a growing axis ends at the next round number, in units', () => {
  const endOf = (x: number, unitX = 1) => rangesOf([line([1], { xs: Float64Array.of(x) })], { ...options, grows: true, unitX })!.x[1]
  expect([1, 11, 121, 151, 1001].map((x) => endOf(x))).toEqual([1, 12, 150, 200, 1200])
  expect(endOf(61_000, 60_000)).toBe(72_000)
})

it('a vertical axis holds all values between round numbers', () => {
  expect(axisOf(10, 20)).toEqual({ domain: [8.75, 21.25], ticks: [10, 15, 20] })
  expect(axisOf(1, 10).domain[0]).toBe(0)
  expect(axisOf(0, 0)).toEqual({ domain: [0, 1], ticks: [0] })
  // Values so close that their ticks have the same twelve digits.
  expect(axisOf(1e5, 1e5 + 1e-6).domain.every(Number.isFinite)).toBe(true)
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (low, height) => {
      const { domain, ticks } = axisOf(low, low + height)
      expect(domain[0]).toBeLessThanOrEqual(low)
      expect(domain[1]).toBeGreaterThanOrEqual(low + height)
      expect(ticks.length).toBeGreaterThan(0)
    }),
  )
})

it('a log axis holds all values, and has ticks between one power and the next', () => {
  expect(axisOf(0.003, 20, true)).toMatchObject({ ticks: [0.001, 0.01, 0.1, 1, 10].map((tick) => expect.closeTo(tick, 9)) })
  for (const [low, high] of [
    [2, 3],
    [0.5, 40],
    [1e-7, 1e5],
    [3, 3],
  ]) {
    const { domain, ticks } = axisOf(low, high, true)
    expect(domain[0]).toBeGreaterThan(0)
    expect(domain[0]).toBeLessThanOrEqual(low)
    expect(domain[1]).toBeGreaterThanOrEqual(high)
    expect(ticks.length).toBeGreaterThan(0)
  }
})

describe('rangesOf', () => {
  it('is undefined without a point', () => {
    expect(rangesOf([line([])], options)).toBeUndefined()
  })
  it('changes seldom while a loss falls and grows', () => {
    const ys = Array.from({ length: 2000 }, (_, i) => 1 + 5 * Math.exp(-i / 300) + ((i * 7919) % 101) / 200)
    let changes = 0
    const whole = line(ys)
    const first = (n: number) =>
      rangesOf([{ ...whole, xs: whole.xs.subarray(0, n), ys: whole.ys.subarray(0, n) }], { ...options, grows: true })
    let last = first(1)
    for (let n = 2; n <= ys.length; n += 5) {
      const now = first(n)
      if (!sameRanges(now, last)) changes += 1
      last = now
    }
    expect(changes).toBeLessThan(50)
  })
  it('follows the percentiles of the lines, without one that exploded', () => {
    const usual = Array.from({ length: 200 }, (_, i) => 2 + (i % 10) / 10)
    const spiked = [...usual]
    spiked[100] = 500
    const exploded = usual.map((y, i) => y * 2 ** (i / 10))
    expect(rangesOf([line(spiked)], options)!.y.domain[1]).toBeGreaterThan(400)
    const clipped = rangesOf([line(spiked), line(usual), line(exploded)], { ...options, clip: 1 })!
    expect(clipped.y.domain[1]).toBeLessThan(5)
    expect(clipped.clipped).toBe(true)
    expect(rangesOf([line(usual), line(usual.map((y) => y + 1))], { ...options, clip: 1 })!.clipped).toBe(false)
  })
  it('leaves failed runs out, if there is another one', () => {
    const failed = line([3, 1e6], { outOfRange: true })
    expect(rangesOf([failed, line([3, 2])], options)!.y.domain[1]).toBeLessThan(4)
    expect(rangesOf([failed], options)!.y.domain[1]).toBeGreaterThan(1e5)
  })
  it('follows what is shown of the values, in the window', () => {
    const shown = rangesOf([line([5, 1, 0.5], { shows: Math.exp })], { ...options, zoom: [2, 3] })!
    expect(shown.x).toEqual([2, 3])
    expect(shown.y.domain[0]).toBeLessThan(Math.exp(0.5))
    expect(shown.y.domain[1]).toBeGreaterThan(Math.E)
    expect(shown.y.domain[1]).toBeLessThan(5)
  })
})

it('a line that grows in place has the range of the same line read at once', () => {
  const values = Float64Array.from({ length: 60 }, (_, i) => (i % 7 === 3 ? NaN : Math.sin(i) * (i + 1)))
  const grown = new GrownSpans()
  const shows = (y: number) => y / 2
  // The line begins again in the middle.
  for (const length of [1, 5, 9, 30, 59, 60, 12, 44])
    for (const more of [{ log: false }, { log: true }, { log: false, shows }]) {
      const of = (ys: Float64Array, kept?: GrownSpans) =>
        rangesOf([line([1], { xs: values.map((_, i) => i), ys, shows: more.shows })], { ...options, ...more }, kept)!.y
      expect(of(values.subarray(0, length), grown)).toEqual(of(values.slice(0, length)))
    }
  const next = () => rangesOf([line([1], { xs: values, ys: values })], options, grown)!.y
  next()
  values[0] = 1e6
  expect(next().domain[1]).toBeLessThan(1e6)
})
