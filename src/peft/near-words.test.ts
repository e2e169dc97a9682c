// The tokens nearest to a vector of a learned context.
import { expect, it } from 'vitest'
import { nearest } from './near-words'

it('are the three nearest rows that are usable, the nearest first', () => {
  const table = Float32Array.of(0, 0, 3, 4, 1, 0, 0, 2, 9, 9)
  expect(nearest(Float32Array.of(0, 0), table, [false, true, true, true, true])).toEqual([
    { id: 2, distance: 1 },
    { id: 3, distance: 2 },
    { id: 1, distance: 5 },
  ])
})
