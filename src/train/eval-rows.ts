// Which held-out rows the evaluations of a run take. The rule counts tokens and no time, so a run that is resumed, on whatever machine, takes
// the same rows.
import type { TrainingSettings } from '../config/run-config'
import type { PlannedBatch } from '../data/plan-batches'
import { shuffled } from '../data/random'
import { evaluationsAfter, forwardsInStep } from './clock'

/** The share of the training's work that all evaluations together may take, and the fewest rows of one evaluation. */
const share = 0.1
const fewest = 50

const tokensOf = (batches: readonly PlannedBatch[], batchSize: number): number =>
  batches.reduce((sum, { length }) => sum + length, 0) * batchSize

/**
 * How many of `all` held-out rows make all evaluations of a run cost about a tenth of its training. A step costs as much as three passes over
 * its padded tokens, and an evaluation one. `held` are the batches of all held-out rows.
 */
export function fittingRows(
  { steps, evalEvery, batchSize }: TrainingSettings,
  trained: readonly PlannedBatch[],
  held: readonly PlannedBatch[],
  all: number,
): number {
  const perRow = tokensOf(held, batchSize) / Math.max(1, all)
  const evaluations = 1 + evaluationsAfter(0, { steps, evalEvery })
  const rows = Math.floor((share * forwardsInStep * tokensOf(trained, batchSize)) / (evaluations * Math.max(1, perRow)))
  return Math.min(all, Math.max(fewest, rows))
}

/** `count` of the rows, in their order. A larger sample has all rows of a smaller one, and the seed of a run has no part in it. */
export function sampled(rows: Int32Array, count: number): Int32Array {
  if (count >= rows.length) return rows
  return shuffled(rows.length, 0)
    .subarray(0, count)
    .sort()
    .map((place) => rows[place])
}
