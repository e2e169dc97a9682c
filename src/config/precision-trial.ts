// The first steps of a run with exact and with fast products: how far their losses are apart, and how much time a step takes.
import type { Phrase } from './phrase'

export const precisions = ['exact', 'fast'] as const
export type Precision = (typeof precisions)[number]

/** Steps that each precision takes, if the run has so many. */
export const trialSteps = 20
/** The first steps compile kernels, so they are not timed. */
const untimedSteps = 2
/** Losses of single steps jump, so the means of this many last steps are compared too. */
const lastSteps = 5

/** The steps with one precision, as far as they have come. */
export interface PrecisionTrial {
  precision: Precision
  /** Steps that are taken in all. */
  steps: number
  /** By step. A loss that is not a number is the last one. */
  losses: readonly number[]
  /** Milliseconds of each step. */
  stepMs: readonly number[]
  /** Why a step was not finite, with advice. */
  failure?: Phrase
}

/** What fast products cost and save. */
interface PrecisionPrice {
  /** Milliseconds of a step: the median of those that are timed. */
  stepMs: Record<Precision, number>
  /** How many times as fast fast products are. */
  speed: number
  /** The largest difference of a step's losses, and that step, from 1. */
  gap: number
  gapStep: number
  /** Mean loss of the last steps. */
  loss: Record<Precision, number>
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const timed = ({ stepMs }: PrecisionTrial): number => median(stepMs.slice(Math.min(untimedSteps, stepMs.length - 1)))

const meanOfLast = ({ losses }: PrecisionTrial): number => {
  const last = losses.slice(-lastSteps)
  return last.reduce((sum, loss) => sum + loss, 0) / last.length
}

/** The price of fast products, once both precisions have taken all their steps; undefined before, or if one of them failed. */
export function priceOf(trials: readonly PrecisionTrial[]): PrecisionPrice | undefined {
  const [exact, fast] = precisions.map((precision) => trials.find((trial) => trial.precision === precision))
  const complete = [exact, fast].every((trial) => trial && !trial.failure && trial.steps > 0 && trial.losses.length === trial.steps)
  if (!exact || !fast || !complete || exact.steps !== fast.steps) return undefined
  const gaps = exact.losses.map((loss, i) => Math.abs(fast.losses[i] - loss))
  const gap = Math.max(...gaps)
  const stepMs = { exact: timed(exact), fast: timed(fast) }
  return {
    stepMs,
    speed: stepMs.exact / stepMs.fast,
    gap,
    gapStep: gaps.indexOf(gap) + 1,
    loss: { exact: meanOfLast(exact), fast: meanOfLast(fast) },
  }
}
