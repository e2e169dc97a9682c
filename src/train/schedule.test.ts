import { expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { learningRate, warmupNotice } from './schedule'

it('a warm-up that takes more than half of the run is said, and whether the rate is never reached then', () => {
  const rates = { learningRate: 0.1, schedule: 'linear', warmup: 5 } as const
  const highest = (steps: number) => Math.max(...Array.from({ length: steps }, (_, i) => learningRate(rates, i, steps)))
  for (const steps of [1, 3, 5]) {
    expect(highest(steps)).toBeLessThan(0.1)
    expect(sentence(warmupNotice(rates, steps)!)).toContain(`The warm-up of 5 steps is not over when the run of ${steps} steps ends`)
  }
  expect(highest(6)).toBe(0.1)
  for (const steps of [6, 9]) expect(sentence(warmupNotice(rates, steps)!)).toContain(`The warm-up takes 5 of the run’s ${steps} steps`)
  expect(warmupNotice(rates, 10)).toBeUndefined()
  expect(warmupNotice({ warmup: 0 }, 1)).toBeUndefined()
})
