import { describe, expect, it } from 'vitest'
import { type SizeMeasure, fastestSize, sizesToMeasure, withRows } from './run-measure'

describe('sizes of a batch advisor', () => {
  it('are powers of two up to the rows that there are, and the own one', () => {
    expect(sizesToMeasure({ batchSize: 6, accumulate: 1 }, 20)).toEqual([1, 2, 4, 6, 8, 16])
    expect(sizesToMeasure({ batchSize: 4, accumulate: 1 }, 1e6).at(-1)).toBe(64)
  })

  it('keep the rows of a step where they can be divided', () => {
    expect(withRows({ batchSize: 4, accumulate: 2 }, 2)).toEqual({ batchSize: 2, accumulate: 4 })
    expect(withRows({ batchSize: 4, accumulate: 2 }, 8)).toEqual({ batchSize: 8, accumulate: 1 })
    expect(withRows({ batchSize: 4, accumulate: 2 }, 16)).toEqual({ batchSize: 16, accumulate: 1 })
    expect(withRows({ batchSize: 6, accumulate: 1 }, 4)).toEqual({ batchSize: 4, accumulate: 1 })
  })

  it('the smallest of those that are about as fast as the fastest is taken', () => {
    const size = (rows: number, tokensPerSecond: number): SizeMeasure => ({
      rows,
      tokensPerSecond,
      accumulate: 1,
      bytes: 0,
      steps: 1,
      stepMs: 1,
      runMs: 1,
    })
    expect(fastestSize([size(1, 50), size(2, 96), size(4, 100), size(8, 90)])?.rows).toBe(2)
    expect(fastestSize([])).toBeUndefined()
  })
})
