import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Smoothed, firstAt, visiblePoints } from './plot-line'

const values = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(NaN) }),
  {
    minLength: 1,
    maxLength: 300,
  },
)

describe('Smoothed', () => {
  it('is the debiased moving average, written out', () => {
    // ema: 2, 2, 4; corrections: 1/2, 3/4, 7/8
    expect([...new Smoothed(0.5).of(Float64Array.of(4, 2, 6))]).toEqual([4, 2 / 0.75, 4 / 0.875])
  })
  it('leaves values alone at weight 0 and constants at any weight', () => {
    expect([...new Smoothed(0).of(Float64Array.of(1, 5, 3))]).toEqual([1, 5, 3])
    for (const value of new Smoothed(0.99).of(new Float64Array(50).fill(2.5))) expect(value).toBeCloseTo(2.5, 10)
  })
  it('passes over a value that is not finite', () => {
    const out = new Smoothed(0.9).of(Float64Array.of(1, NaN, 1))
    expect(out[1]).toBeNaN()
    expect(out[2]).toBeCloseTo(1, 12)
  })
  it('gives the same averages however the values come', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 0.99, noNaN: true }), fc.nat(), (list, weight, cut) => {
        const all = Float64Array.from(list)
        const grown = new Smoothed(weight)
        grown.of(all.subarray(0, cut % all.length))
        expect([...grown.of(all)]).toEqual([...new Smoothed(weight).of(all)])
      }),
    )
  })
})

describe('visiblePoints', () => {
  const steps = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i)
  it('keeps a single spike among 50,000 points, within two points for a column', () => {
    const ys = steps(50_000).map((i) => Math.sin(i / 1000))
    ys[31_337] = 99
    ys[12_345] = -99
    const points = visiblePoints(steps(50_000), ys, [0, 49_999], 400)
    expect(points.length / 2).toBeLessThanOrEqual(2 * 402)
    expect([...points]).toEqual(expect.arrayContaining([99, -99]))
  })
  it('has the lowest and highest value of the window, in order, without numbers that are not finite', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 50 }), (list, a, b, columns) => {
        const ys = Float64Array.from(list)
        const [from, to] = [a % list.length, b % list.length].sort((p, q) => p - q)
        const points = [...visiblePoints(steps(list.length), ys, [from, to], columns)]
        const xs = points.filter((_, i) => i % 2 === 0)
        const shown = points.filter((_, i) => i % 2 === 1)
        expect(xs).toEqual(xs.toSorted((p, q) => p - q))
        expect(xs.map((x) => ys[x])).toEqual(shown)
        expect(shown.every(Number.isFinite)).toBe(true)
        const inside = list.slice(from, to + 1).filter(Number.isFinite)
        const drawn = shown.filter((_, i) => xs[i] >= from && xs[i] <= to)
        expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([Math.min(...inside), Math.max(...inside)])
      }),
    )
  })
  it('runs to the points on either side of the window', () => {
    expect([...visiblePoints(steps(10), steps(10), [3.5, 5.5], 100)]).toEqual([3, 3, 4, 4, 5, 5, 6, 6])
  })
})

it('firstAt finds the first value that is not below', () => {
  const xs = Float64Array.of(1, 2, 2, 5)
  expect([0, 2, 3, 6].map((x) => firstAt(xs, x))).toEqual([0, 1, 3, 4])
})
