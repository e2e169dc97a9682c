// Plans the micro-batches of a run from its dataset and settings, and lists the lengths that need a program.
import type { TrainingSettings } from '../config/run-config'
import type { EvaluationProgress } from '../config/run-reports'
import { type MicroBatch, makeMicroBatch } from '../data/micro-batch'
import { fittingRows, sampled } from './eval-rows'
import { type PlannedBatch, countSteps, lengthBuckets, planBatches, planEpoch } from '../data/plan-batches'
import type { RunData, RunRows } from '../data/run-rows'
import type { Method } from '../peft/method'

/** Micro-batches by index; each is built when it is needed. */
export interface BatchSource {
  count: number
  /** Rows in all micro-batches together. */
  rows: number
  get(index: number): MicroBatch
  /** The pieces that micro-batch `index` is computed in, if fewer rows are on the GPU at once than it has. */
  pieces?(index: number): MicroBatch[]
}

export interface BatchPlan {
  steps: number
  train: BatchSource
  evaluation: BatchSource
  trainLengths: number[]
  evalLengths: number[]
  /** Tokens of all micro-batches of the run and of one evaluation, with their padding. */
  padded: { train: number; evaluation: number }
}

function source(dataset: RunData, rows: Int32Array, planned: readonly PlannedBatch[], batchSize: number, leading: boolean): BatchSource {
  const count = planned.reduce((sum, batch) => sum + batch.rows.reduce((inBatch, row) => inBatch + row.length, 0), 0)
  return { count: planned.length, rows: count, get: (index) => makeMicroBatch(dataset, planned[index], rows, batchSize, leading) }
}

/** A planned batch in pieces of at most `rows` rows. Each is only as long as its own rows need. */
function inPieces(batch: PlannedBatch, lengths: ArrayLike<number>, buckets: readonly number[], rows: number): PlannedBatch[] {
  return Array.from({ length: Math.ceil(batch.rows.length / rows) }, (_, i) => {
    const own = batch.rows.slice(i * rows, (i + 1) * rows)
    const needed = Math.max(...own.map((row) => row.reduce((sum, at) => sum + lengths[at], 0)))
    return { ...batch, rows: own, length: buckets.find((bucket) => bucket >= needed) ?? batch.length }
  })
}

const paddedOf = (planned: readonly PlannedBatch[], rows: number) => planned.reduce((sum, { length }) => sum + length * rows, 0)
const lengthsOf = (planned: readonly PlannedBatch[]) => [...new Set(planned.map((b) => b.length))].sort((a, b) => a - b)

/** How far an evaluation is after `done` micro-batches of `batchSize` rows, which took `elapsedMs`. */
export function evaluationProgress({ count, rows }: BatchSource, batchSize: number, done: number, elapsedMs: number): EvaluationProgress {
  const evaluationLeftMs = done ? (elapsedMs / done) * (count - done) : undefined
  return { fraction: done / count, rows: { done: Math.min(done * batchSize, rows), all: rows }, evaluationLeftMs }
}

/**
 * Every micro-batch of a run, in order, for a method or for the base model alone. The number of steps comes from the settings, or is
 * counted from the epochs. If fewer rows than a micro-batch has are on the GPU at once (`atOnce`), a step has the same rows in pieces.
 */
export function planRunBatches(
  rows: RunRows,
  training: TrainingSettings,
  method: Pick<Method, 'leadsRows'> = {},
  atOnce = training.batchSize,
): BatchPlan {
  const { batchSize, accumulate, maxLength, shuffle, seed, packing, epochs } = training
  const { positions } = rows.dataset
  const options = { batchSize, buckets: positions === undefined ? lengthBuckets(maxLength) : [positions], shuffle, seed, packing }
  const leading = method.leadsRows === true
  const lengths = rows.dataset.lengths(rows.train, maxLength)
  const steps = training.steps || countSteps(lengths, { ...options, epochs }, accumulate)
  const planned: PlannedBatch[] = []
  for (const batch of planBatches(lengths, options)) {
    if (planned.length >= steps * accumulate) break
    planned.push(batch)
  }
  const held = (some: Int32Array, size = batchSize): PlannedBatch[] =>
    some.length
      ? planEpoch(rows.evalDataset.lengths(some, maxLength), { ...options, batchSize: size, shuffle: false, packing: false }, 0)
      : []
  const wanted = training.evalRows || fittingRows({ ...training, steps }, planned, held(rows.eval), rows.eval.length)
  const sample = sampled(rows.eval, wanted)
  const evaluated = held(sample, atOnce)
  const { buckets } = options
  const pieces = (batch: PlannedBatch) => inPieces(batch, lengths, buckets, atOnce)
  const pieceOf = (batch: PlannedBatch) => makeMicroBatch(rows.dataset, batch, rows.train, atOnce, leading)
  const computed = atOnce < batchSize ? planned.flatMap(pieces) : planned
  const whole = source(rows.dataset, rows.train, planned, batchSize, leading)
  return {
    steps,
    train: atOnce < batchSize ? { ...whole, pieces: (index) => pieces(planned[index]).map(pieceOf) } : whole,
    evaluation: source(rows.evalDataset, sample, evaluated, atOnce, leading),
    trainLengths: lengthsOf(computed),
    evalLengths: lengthsOf(evaluated),
    padded: { train: paddedOf(computed, atOnce), evaluation: paddedOf(evaluated, atOnce) },
  }
}
