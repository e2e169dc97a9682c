// What the first steps of a run with both precisions say.
import { expect, test } from 'vitest'
import { say } from './phrase'
import { type PrecisionTrial, priceOf } from './precision-trial'

const exact: PrecisionTrial = { precision: 'exact', steps: 3, losses: [3, 2, 1.5], stepMs: [900, 500, 20] }

test('the gap is that of the step where it is largest, and steps that compile are not timed', () => {
  const price = priceOf([exact, { precision: 'fast', steps: 3, losses: [3, 2.25, 1.5], stepMs: [700, 600, 10] }])
  expect(price).toEqual({
    stepMs: { exact: 20, fast: 10 },
    speed: 2,
    gap: 0.25,
    gapStep: 2,
    loss: { exact: 6.5 / 3, fast: 6.75 / 3 },
  })
})

test('an even number of times has the mean of the middle two, and a single step counts', () => {
  const times = (precision: 'exact' | 'fast', stepMs: number[]): PrecisionTrial => ({
    precision,
    steps: stepMs.length,
    losses: stepMs.map(() => 1),
    stepMs,
  })
  expect(priceOf([times('exact', [9, 9, 1, 3, 4, 8]), times('fast', [9, 9, 1, 1, 1, 1])])!.speed).toBe(3.5)
  expect(priceOf([times('exact', [6]), times('fast', [3])])!.speed).toBe(2)
})

test('there is no price before both have come to their end, or if one of them fails', () => {
  expect(priceOf([])).toBeUndefined()
  expect(priceOf([exact])).toBeUndefined()
  expect(priceOf([exact, { precision: 'fast', steps: 3, losses: [3, 2], stepMs: [1, 1] }])).toBeUndefined()
  const odd: PrecisionTrial = { precision: 'fast', steps: 3, losses: [3, 2, NaN], stepMs: [1, 1], failure: say`Training stopped.` }
  expect(priceOf([exact, odd])).toBeUndefined()
})
