// Plans the micro-batches of a run from its dataset and settings, and lists the lengths that need a program.
import type { TrainingSettings } from '../config/run-config'
import type { EvaluationProgress } from '../config/run-reports'
import { type MicroBatch, makeMicroBatch, withPictures } from '../data/micro-batch'
import { fittingRows, sampled } from './eval-rows'
import { type PlannedBatch, countSteps, lengthBuckets, planBatches, planEpoch } from '../data/plan-batches'
import type { RunData, RunRows } from '../data/run-rows'
import type { Method } from '../peft/method'
import { readAhead } from './read-ahead'

/** Micro-batches by index; each is built when it is needed. */
export interface BatchSource {
  count: number
  /** Rows in all micro-batches together. */
  rows: number
  /** Tokens of a micro-batch, with its padding. */
  padded(index: number): number
  /** How often every row was in the first `count` micro-batches, on average. */
  epochs(count: number): number
  /**
   * A micro-batch in the pieces that it is computed in: one, or several if fewer rows are on the GPU at once than it has. It has to be waited
   * for if pictures are read for it.
   */
  get(index: number): readonly MicroBatch[] | Promise<readonly MicroBatch[]>
}

export interface BatchPlan {
  steps: number
  /** The micro-batches of the run in order. Their rows are places in `rows.train`. */
  planned: readonly PlannedBatch[]
  /** The rows that every evaluation takes. */
  sample: Int32Array
  train: BatchSource
  evaluation: BatchSource
  trainLengths: number[]
  evalLengths: number[]
  /** Tokens of all micro-batches of the run and of one evaluation, with their padding. */
  padded: { train: number; evaluation: number }
}

/** The rows of planned micro-batches, and how they are made. */
interface Planned {
  dataset: RunData
  /** Rows of the dataset, by the indices of the plan. */
  rows: Int32Array
  planned: readonly PlannedBatch[]
  /** Rows on the GPU at once. */
  atOnce: number
  leading: boolean
  /** The pieces of a planned batch; absent = itself. */
  pieces?(batch: PlannedBatch): PlannedBatch[]
  /** Pictures are changed as training changes them in each epoch. */
  training: boolean
}

/** How many examples the first n micro-batches have, for each n from 0. */
function examplesSeen(planned: readonly PlannedBatch[]): Uint32Array {
  const seen = new Uint32Array(planned.length + 1)
  planned.forEach(({ rows }, i) => (seen[i + 1] = seen[i] + rows.reduce((sum, row) => sum + row.length, 0)))
  return seen
}

function source({ dataset, rows, planned, atOnce, leading, pieces, training }: Planned): BatchSource {
  const piecesOf = (index: number) => pieces?.(planned[index]) ?? [planned[index]]
  let examples: Uint32Array | undefined
  const all = {
    count: planned.length,
    epochs: (count: number) => (examples ??= examplesSeen(planned))[count] / rows.length,
    rows: planned.reduce((sum, batch) => sum + batch.rows.reduce((inBatch, row) => inBatch + row.length, 0), 0),
    padded: (index: number) => paddedOf(piecesOf(index), atOnce),
  }
  const made = (plan: PlannedBatch) => makeMicroBatch(dataset, plan, rows, atOnce, leading)
  if (!dataset.pixels) return { ...all, get: (index) => piecesOf(index).map(made) }
  const pixels = dataset.pixels.bind(dataset)
  const seen = (plan: PlannedBatch) => {
    const own = plan.rows.map(([at]) => rows[at])
    return withPictures(made(plan), pixels, own, training ? plan.epoch : undefined)
  }
  return { ...all, get: readAhead(planned.length, (index) => Promise.all(piecesOf(index).map(seen))) }
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
  const computed = atOnce < batchSize ? planned.flatMap(pieces) : planned
  const train = { dataset: rows.dataset, rows: rows.train, planned, atOnce, leading, training: true, ...(atOnce < batchSize && { pieces }) }
  return {
    steps,
    planned,
    sample,
    train: source(train),
    evaluation: source({ dataset: rows.evalDataset, rows: sample, planned: evaluated, atOnce, leading, training: false }),
    trainLengths: lengthsOf(computed),
    evalLengths: lengthsOf(evaluated),
    padded: { train: paddedOf(computed, atOnce), evaluation: paddedOf(evaluated, atOnce) },
  }
}
