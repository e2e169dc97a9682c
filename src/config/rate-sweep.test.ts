import { describe, expect, it } from 'vitest'
import { sentence } from './phrase'
import { type RateTrial, finerRates, firstRates, suggestedRate, sweepSteps, unstableBy } from './rate-sweep'

/** Losses that fall from 4 towards `end`. */
const falling = (rate: number, end: number): RateTrial => ({
  rate,
  losses: Array.from({ length: sweepSteps }, (_, i) => end + (4 - end) * 0.8 ** i),
})
/** Rows of which every second one is hard, without training. */
const untrained: RateTrial = { rate: 1e-6, losses: Array.from({ length: sweepSteps }, (_, i) => (i % 2 ? 6 : 3)) }
const why = (losses: number[]) => {
  const reason = unstableBy({ rate: 1, losses }, [{ rate: 1, losses }, untrained])
  return reason && sentence(reason)
}

describe('a learning-rate sweep', () => {
  it('begins with five rates a decade apart around the one that the method starts with', () => {
    expect(firstRates(2e-4)).toEqual([2e-6, 2e-5, 2e-4, 2e-3, 2e-2])
  })

  it('marks a rate as unstable whose loss is not finite, or rises while the same rows are no harder without training', () => {
    expect(why(untrained.losses.map((loss, i) => loss * 0.9 ** i))).toBeUndefined()
    expect(why([4, 3, NaN])).toBe('The loss of step 3 is not a number.')
    expect(why(untrained.losses.map((loss, i) => (i < 10 ? loss * 0.5 : loss * 0.8)))).toBe(
      'The loss rose by 30 % of what it is without training.',
    )
    expect(why(untrained.losses.map((loss, i) => (i < 3 ? loss : loss * 1.3)))).toBe(
      'The loss rose by 30 % of what it is without training.',
    )
    expect(why(untrained.losses.map((loss, i) => (i < 10 ? loss * 0.01 : loss * 0.1)))).toBeUndefined()
  })

  it('tries three rates between the best two that are stable', () => {
    const trials = [falling(1e-5, 3.9), falling(1e-4, 3), falling(1e-3, 1), falling(1e-2, 0.5), { rate: 0.1, losses: [4, NaN] }]
    expect(finerRates(trials)).toEqual([0.0018, 0.0032, 0.0056])
    expect(finerRates([trials[3], trials[4]])).toEqual([0.0018, 0.0032, 0.0056])
    expect(finerRates([trials[4]])).toEqual([])
  })

  it('suggests the best rate, or a smaller one that is hardly worse; never an unstable one', () => {
    const trials = [falling(1e-3, 1), falling(3e-3, 0.5), falling(1e-2, 0.495), { rate: 0.1, losses: [0.1, NaN] }]
    expect(suggestedRate(trials)?.rate).toBe(3e-3)
    expect(sentence(suggestedRate(trials)!.reason)).toMatch(/is within 2 % of the lowest \(0\.\d+ at 0\.01\)/)
    expect(suggestedRate(trials.slice(0, 2))?.rate).toBe(3e-3)
    expect(sentence(suggestedRate(trials.slice(0, 2))!.reason)).toMatch(/is the lowest of all stable rates: 0\.5\d+\.$/)
    expect(suggestedRate(trials.slice(3))).toBeUndefined()
  })
})
