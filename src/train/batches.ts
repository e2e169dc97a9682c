// From a dataset and a run's settings to its micro-batches, and the lengths that programs are needed for.
import type { TrainingSettings } from '../config/run-config'
import type { EvaluationProgress } from '../config/run-reports'
import type { Dataset } from '../data/dataset'
import { type MicroBatch, makeMicroBatch } from '../data/micro-batch'
import { type PlannedBatch, countSteps, lengthBuckets, planBatches, planEpoch } from '../data/plan-batches'
import type { Rows } from '../data/run-rows'
import type { Method } from '../peft/method'

/** Micro-batches by their number, made when they are needed. */
export interface BatchSource {
  count: number
  /** Rows in all of them together. */
  rows: number
  get(index: number): MicroBatch
}

export interface BatchPlan {
  steps: number
  train: BatchSource
  evaluation: BatchSource
  trainLengths: number[]
  evalLengths: number[]
}

function source(dataset: Dataset, rows: Int32Array, planned: readonly PlannedBatch[], batchSize: number, leading: boolean): BatchSource {
  const count = planned.reduce((sum, batch) => sum + batch.rows.reduce((inBatch, row) => inBatch + row.length, 0), 0)
  return { count: planned.length, rows: count, get: (index) => makeMicroBatch(dataset, planned[index], rows, batchSize, leading) }
}

const lengthsOf = (planned: readonly PlannedBatch[]) => [...new Set(planned.map((b) => b.length))].sort((a, b) => a - b)

/** How far an evaluation is after `done` micro-batches of `batchSize` rows. */
export function evaluationProgress({ count, rows }: BatchSource, batchSize: number, done: number): EvaluationProgress {
  return { fraction: done / count, rows: { done: Math.min(done * batchSize, rows), all: rows } }
}

/**
 * Every micro-batch of a run, in order, for a method or for the bare base. Steps come from the settings, or are counted from the epochs.
 */
export function planRunBatches(rows: Rows, training: TrainingSettings, method: Pick<Method, 'leadsRows'> = {}): BatchPlan {
  const { batchSize, accumulate, maxLength, shuffle, seed, packing, epochs } = training
  const options = { batchSize, buckets: lengthBuckets(maxLength), shuffle, seed, packing }
  const leading = method.leadsRows === true
  const lengths = rows.dataset.lengths(rows.train, maxLength)
  const steps = training.steps || countSteps(lengths, { ...options, epochs }, accumulate)
  const planned: PlannedBatch[] = []
  for (const batch of planBatches(lengths, options)) {
    if (planned.length >= steps * accumulate) break
    planned.push(batch)
  }
  const evaluated = rows.eval.length
    ? planEpoch(rows.evalDataset.lengths(rows.eval, maxLength), { ...options, shuffle: false, packing: false }, 0)
    : []
  return {
    steps,
    train: source(rows.dataset, rows.train, planned, batchSize, leading),
    evaluation: source(rows.evalDataset, rows.eval, evaluated, batchSize, leading),
    trainLengths: lengthsOf(planned),
    evalLengths: lengthsOf(evaluated),
  }
}
