import { describe, expect, it } from 'vitest'
import { nearestIndex, reduceMinMax, roundTicks, smooth, valueAxis } from './curves'

describe('smooth', () => {
  it('is the debiased moving average, written out', () => {
    const out = smooth(Float64Array.of(4, 2, 6), 0.5)
    // ema: 2, 2, 4; corrections: 1/2, 3/4, 7/8
    expect([...out]).toEqual([4, 2 / 0.75, 4 / 0.875])
  })
  it('leaves values alone at weight 0 and constants at any weight', () => {
    expect([...smooth(Float64Array.of(1, 5, 3), 0)]).toEqual([1, 5, 3])
    for (const value of smooth(new Float64Array(50).fill(2.5), 0.99)) expect(value).toBeCloseTo(2.5, 10)
  })
  it('passes over a value that is not finite', () => {
    const out = smooth(Float64Array.of(1, NaN, 1), 0.9)
    expect(out[1]).toBeNaN()
    expect(out[2]).toBeCloseTo(1, 12)
  })
})

describe('reduceMinMax', () => {
  it('keeps everything that fits', () => {
    expect(reduceMinMax(Float64Array.of(3, 1, 2), 3)).toEqual([0, 1, 2])
  })
  it('keeps a single spike among 50,000 points, within the limit, in order', () => {
    const values = new Float64Array(50_000).map((_, i) => Math.sin(i / 1000))
    values[31_337] = 99
    values[12_345] = -99
    const kept = reduceMinMax(values, 300)
    expect(kept.length).toBeLessThanOrEqual(300)
    expect(kept).toContain(31_337)
    expect(kept).toContain(12_345)
    expect(kept[0]).toBe(0)
    expect(kept[kept.length - 1]).toBe(49_999)
    expect([...kept].sort((a, b) => a - b)).toEqual(kept)
    expect(new Set(kept).size).toBe(kept.length)
  })
  it('is not blinded by NaN', () => {
    const values = new Float64Array(1000).fill(1)
    values[1] = NaN
    values[5] = 7
    expect(reduceMinMax(values, 100)).toContain(5)
  })
})

describe('roundTicks', () => {
  it('gives round values inside the range', () => {
    expect(roundTicks(1, 150, 4)).toEqual([50, 100, 150])
    expect(roundTicks(0, 4.7, 5)).toEqual([0, 1, 2, 3, 4])
    expect(roundTicks(0, 0.002, 4)).toEqual([0, 0.0005, 0.001, 0.0015, 0.002])
    expect(roundTicks(0, 300_000, 5, 60_000)).toEqual([0, 60_000, 120_000, 180_000, 240_000, 300_000])
  })
  it('accepts one value and none', () => {
    expect(roundTicks(3, 3, 5)).toEqual([3])
    expect(roundTicks(Infinity, -Infinity, 5)).toEqual([])
  })
})

describe('valueAxis', () => {
  it('leaves room at both ends, and begins at zero where zero is near', () => {
    expect(valueAxis(10, 20, false)).toEqual({ domain: [9.6, 20.4], ticks: [10, 15, 20] })
    expect(valueAxis(1, 10, false)).toMatchObject({ domain: [0, 10.4] })
    expect(valueAxis(10, 20, true)).toMatchObject({ domain: [0, 20.8] })
    expect(valueAxis(-1, 10, true).domain[0]).toBeLessThan(-1)
  })
  it('shows a constant in the middle, and zeros as the zero line', () => {
    expect(valueAxis(2, 2, false)).toMatchObject({ domain: [1.92, 2.08] })
    expect(valueAxis(0, 0, false)).toEqual({ domain: [0, 1], ticks: [0] })
    expect(valueAxis(Infinity, -Infinity, false)).toEqual({ domain: [0, 1], ticks: [] })
  })
})

describe('nearestIndex', () => {
  it('finds the nearest value, the earlier one at a tie', () => {
    const xs = Float64Array.of(1, 2, 5, 9)
    expect([0, 1.4, 3.5, 4, 100].map((x) => nearestIndex(xs, x))).toEqual([0, 0, 1, 2, 3])
    expect(nearestIndex(new Float64Array(0), 1)).toBe(-1)
  })
})
