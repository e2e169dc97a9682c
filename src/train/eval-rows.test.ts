import { expect, test } from 'vitest'
import { defaultTraining } from '../config/run-config'
import type { PlannedBatch } from '../data/plan-batches'
import { fittingRows, sampled } from './eval-rows'

const batches = (count: number, length: number): PlannedBatch[] =>
  Array.from({ length: count }, () => ({ rows: [[0], [1], [2], [3]], length, epoch: 0 }))
const training = (steps: number, evalEvery: number) => defaultTraining({ steps, evalEvery, batchSize: 4 })

test('all evaluations together cost a tenth of the training, in passes over padded tokens', () => {
  // 1000 steps of 4 × 64 tokens cost 768,000; 6 evaluations may cost 76,800, which is 133 rows of 96 tokens each.
  expect(fittingRows(training(1000, 200), batches(1000, 64), batches(500, 96), 2000)).toBe(133)
  // Evaluated only before the first step and at the end.
  expect(fittingRows(training(1000, 0), batches(1000, 64), batches(500, 96), 2000)).toBe(400)
})

test('never fewer than 50 rows if there are that many, and never more than there are', () => {
  expect(fittingRows(training(100, 50), batches(100, 64), batches(179, 96), 714)).toBe(50)
  expect(fittingRows(training(100, 50), batches(100, 64), batches(8, 96), 30)).toBe(30)
  expect(fittingRows(training(100_000, 50), batches(1000, 64), [], 0)).toBe(0)
})

test('a sample is the same every time, keeps the order of the rows, and a larger one contains it', () => {
  const rows = Int32Array.from({ length: 200 }, (_, i) => 3 * i)
  const small = [...sampled(rows, 50)]
  const large = [...sampled(rows, 120)]
  expect(small).toEqual([...sampled(rows, 50)])
  expect([new Set(small).size, small.every((row, i) => i === 0 || row > small[i - 1]!)]).toEqual([50, true])
  expect(small.every((row) => large.includes(row))).toBe(true)
  expect(small).not.toEqual([...rows.subarray(0, 50)])
  expect(sampled(rows, 200)).toBe(rows)
})
