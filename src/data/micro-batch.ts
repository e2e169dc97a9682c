// A planned batch as the arrays that go to the GPU.
import { ShapeError } from '../config/errors'
import { say } from '../config/phrase'
import type { PlannedBatch } from './plan-batches'
import type { RunData } from './run-rows'

/** B rows of T tokens, row after row. Padding is on the right: id 0, no target. */
export interface MicroBatch {
  /** B */
  rows: number
  /** T */
  length: number
  /** [B·T] */
  ids: Uint32Array<ArrayBuffer>
  /** [B·T] The token that position t is trained to predict (that of t+1), or -1. */
  targets: Int32Array<ArrayBuffer>
  /** [B] The first token of each row as a target, or -1. The last of the virtual tokens before the row is trained to predict it. Absent without virtual tokens. */
  leading?: Int32Array<ArrayBuffer>
  /** [B·T] Position within the example, from 0. */
  positions: Uint32Array<ArrayBuffer>
  /** [B·T] Index in its row of the first token that this token attends to: 0 without packing, its own index for padding. */
  first: Uint32Array<ArrayBuffer>
  /** Targets that are not -1. The loss is averaged over these of all the step's micro-batches. */
  supervised: number
  /** Tokens that are not padding. */
  tokens: number
  /** [B] Tokens of each row before its padding; absent = no padding. */
  filled?: number[]
  /** Pictures of the rows, [B] of [channels, height, width], for a model that sees them; a row of padding has none. */
  pictures?: (Float32Array | undefined)[]
}

type Examples = Pick<RunData, 'example'>

/**
 * The arrays of a planned batch. `select` turns the plan's indices into rows of the dataset (a split's train rows); `batchRows`
 * pads the batch with empty rows, so that an epoch's last batch has the shape of the others. With `leading`, virtual tokens
 * will precede each row.
 */
export function makeMicroBatch(
  dataset: Examples,
  plan: PlannedBatch,
  select?: ArrayLike<number>,
  batchRows = plan.rows.length,
  leading = false,
): MicroBatch {
  const { length: T } = plan
  if (plan.rows.length > batchRows)
    throw new ShapeError(say`batch: expected at most ${batchRows} rows, got ${plan.rows.length}. Raise the batch size.`)
  const size = batchRows * T
  const batch: MicroBatch = {
    rows: batchRows,
    length: T,
    ids: new Uint32Array(size),
    targets: new Int32Array(size).fill(-1),
    ...(leading && { leading: new Int32Array(batchRows).fill(-1) }),
    positions: new Uint32Array(size),
    first: new Uint32Array(size),
    supervised: 0,
    tokens: 0,
    filled: [],
  }
  for (let b = 0; b < batchRows; b++) {
    let at = 0
    for (const index of plan.rows[b] ?? []) at = place(batch, dataset, select ? select[index] : index, b, at)
    batch.filled!.push(at)
    // Padding attends to itself only: a softmax over nothing would be NaN.
    for (let t = at; t < T; t++) batch.first[b * T + t] = t
  }
  return batch
}

/** The micro-batch of a plan with the pictures of its rows. `epoch`: in which training changes them; absent = as they are. */
export async function withPictures(
  batch: MicroBatch,
  pixels: NonNullable<RunData['pixels']>,
  rows: readonly number[],
  epoch: number | undefined,
): Promise<MicroBatch> {
  const pictures = await Promise.all(rows.map((row) => pixels(row, epoch)))
  return { ...batch, pictures: Array.from({ length: batch.rows }, (_, b) => pictures[b]) }
}

/** Puts an example at index `at` of row `b`; returns the index after it. */
function place(batch: MicroBatch, dataset: Examples, row: number, b: number, at: number): number {
  const T = batch.length
  const { ids, trained, labels } = dataset.example(row, T - at)
  if (batch.leading && at === 0 && trained[0]) {
    batch.leading[b] = labels ? labels[0] : ids[0]
    batch.supervised++
  }
  for (let t = 0; t < ids.length; t++) {
    const i = b * T + at + t
    batch.ids[i] = ids[t]
    batch.positions[i] = t
    batch.first[i] = at
    if (t + 1 < ids.length && trained[t + 1]) {
      batch.targets[i] = labels ? labels[t + 1] : ids[t + 1]
      batch.supervised++
    }
  }
  batch.tokens += ids.length
  return at + ids.length
}
