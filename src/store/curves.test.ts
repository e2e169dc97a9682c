import { describe, expect, it } from 'vitest'
import { nearestIndex, roundTicks } from './curves'

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

describe('nearestIndex', () => {
  it('finds the nearest value, the earlier one at a tie', () => {
    const xs = Float64Array.of(1, 2, 5, 9)
    expect([0, 1.4, 3.5, 4, 100].map((x) => nearestIndex(xs, x))).toEqual([0, 0, 1, 2, 3])
    expect(nearestIndex(new Float64Array(0), 1)).toBe(-1)
  })
})
