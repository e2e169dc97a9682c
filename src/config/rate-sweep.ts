// A learning-rate sweep: a few steps at each of several rates, from the same weights with the same rows. Which rates it tries, which of them
// are unstable, and which one it suggests. docs/methods.md says the rules.
import { type Phrase, say } from './phrase'

/** Steps at each rate. */
export const sweepSteps = 30
/** A rate is judged by the mean loss of its last steps. All rates have the same rows there. */
const judgedSteps = 10
/** Of rates whose means differ by less than this share, the smallest is suggested: over a longer run, smaller steps go further. */
const sameShare = 0.02

/** The losses at one rate. */
export interface RateTrial {
  rate: number
  /** By step, as far as it has come. A loss that is not a number is the last one. */
  losses: readonly number[]
}

/** A sweep as far as it has come. */
export interface RateSweep {
  trials: readonly RateTrial[]
  /** Rates that will still be tried. */
  left: number
}

/** A rate with two digits. */
const rounded = (rate: number): number => Number(rate.toPrecision(2))

/** Five rates a decade apart, in whose middle is `start`. */
export function firstRates(start: number): number[] {
  return [0.01, 0.1, 1, 10, 100].map((factor) => rounded(start * factor))
}

const meanOf = (losses: readonly number[]): number => losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length)

/** The mean loss of the last steps of a trial that has come to its end. */
export function scoreOf({ losses }: RateTrial): number {
  return meanOf(losses.slice(-judgedSteps))
}

/** Losses of single steps jump from batch to batch, so the mean of this many steps is watched. */
const smoothedSteps = 3
/** A rise by this share of the untrained loss makes a rate unstable. */
const mostRise = 0.2

/** What the losses are of those that hardly any training has, on the same rows. So rows that are hard do not look like a rise. */
function sharesOf({ losses }: RateTrial, untrained: readonly number[]): number[] {
  const sumAt = (all: readonly number[], end: number): number => all.slice(end - smoothedSteps, end).reduce((sum, loss) => sum + loss, 0)
  return losses.slice(smoothedSteps - 1).map((_, i) => sumAt(losses, i + smoothedSteps) / sumAt(untrained, i + smoothedSteps))
}

/** Why a rate among `trials` is unstable, or undefined. */
export function unstableBy(trial: RateTrial, trials: readonly RateTrial[]): Phrase | undefined {
  const odd = trial.losses.findIndex((loss) => !Number.isFinite(loss))
  if (odd >= 0) return say`The loss of step ${odd + 1} is not a number.`
  const { losses: untrained } = trials.reduce((a, b) => (b.rate < a.rate ? b : a))
  let [lowest, rise] = [1, 0]
  for (const share of sharesOf(trial, untrained)) {
    rise = Math.max(rise, share - lowest)
    lowest = Math.min(lowest, share)
  }
  return rise > mostRise ? say`The loss rose by ${(rise * 100).toFixed(0)} % of what it is without training.` : undefined
}

const stable = (trials: readonly RateTrial[]): RateTrial[] => trials.filter((trial) => unstableBy(trial, trials) === undefined)
const byScore = (trials: readonly RateTrial[]): RateTrial[] => trials.toSorted((a, b) => scoreOf(a) - scoreOf(b))

/** Three rates between the best two of the stable ones; between the best and a tenth of it if only one is stable; none if none is. */
export function finerRates(trials: readonly RateTrial[]): number[] {
  const [best, second] = byScore(stable(trials)).map(({ rate }) => rate)
  if (best === undefined) return []
  const [low, high] = [Math.min(best, second ?? best / 10), Math.max(best, second ?? best / 10)]
  return [0.25, 0.5, 0.75]
    .map((share) => rounded(low * (high / low) ** share))
    .filter((rate) => !trials.some((trial) => trial.rate === rate))
}

export interface RateSuggestion {
  rate: number
  reason: Phrase
}

/** The rate to use, and why; undefined if no rate was stable. */
export function suggestedRate(trials: readonly RateTrial[]): RateSuggestion | undefined {
  const ranked = byScore(stable(trials))
  const [best] = ranked
  if (!best) return undefined
  const score = scoreOf(best)
  const close = ranked.filter((trial) => scoreOf(trial) <= score * (1 + sameShare))
  const { rate, ...chosen } = close.reduce((a, b) => (b.rate < a.rate ? b : a))
  const mean = scoreOf({ rate, ...chosen }).toFixed(3)
  const reason =
    rate === best.rate
      ? say`Its mean loss over the last ${judgedSteps} steps is the lowest of all stable rates: ${mean}.`
      : say`Its mean loss over the last ${judgedSteps} steps, ${mean}, is within 2 % of the lowest (${score.toFixed(3)} at ${best.rate}), and of such rates the smallest goes furthest.`
  return { rate, reason }
}
