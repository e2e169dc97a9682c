// Which rows go into which micro-batch, and how long it is padded.
import { shuffled } from './random'

export interface BatchOptions {
  batchSize: number
  /** Allowed lengths, ascending; the last one holds every row. From `lengthBuckets`. */
  buckets: readonly number[]
  shuffle: boolean
  seed: number
  /** Several examples share a row of the longest bucket. */
  packing: boolean
  /** How often the data is seen (1.5 = one and a half times); absent = without limit. */
  epochs?: number
}

export interface PlannedBatch {
  /** Examples of each row of the batch: one, or several with packing. Indices into `lengths`. */
  rows: number[][]
  /** T, tokens that every row is padded to. */
  length: number
  /** Epoch from 0. */
  epoch: number
}

/** 32, 48, 64, 96, 128, 192, … below `maxLength`, and `maxLength`. Few lengths mean few programs, and little is padded. */
export function lengthBuckets(maxLength: number): number[] {
  const buckets: number[] = []
  for (let length = 32; length < maxLength; length *= 2) {
    buckets.push(length)
    if (length * 1.5 < maxLength) buckets.push(length * 1.5)
  }
  return [...buckets, maxLength]
}

/** The micro-batches of epoch `epoch`; every example is in exactly one. The same seed gives the same order. */
export function planEpoch(lengths: ArrayLike<number>, options: BatchOptions, epoch: number): PlannedBatch[] {
  const { batchSize, buckets, shuffle, seed, packing } = options
  const order = shuffle ? Array.from(shuffled(lengths.length, seed, epoch)) : Array.from({ length: lengths.length }, (_, i) => i)
  const longest = buckets[buckets.length - 1]
  const rows = packing ? packed(order, lengths, longest) : order.map((row) => [row])
  const batches: PlannedBatch[] = []
  for (let at = 0; at < rows.length; at += batchSize) {
    const inBatch = rows.slice(at, at + batchSize)
    const needed = Math.max(...inBatch.map((row) => row.reduce((sum, i) => sum + lengths[i], 0)))
    const length = packing ? longest : (buckets.find((bucket) => bucket >= needed) ?? longest)
    batches.push({ rows: inBatch, length, epoch })
  }
  return batches
}

/** Micro-batches in order, epoch after epoch. Ends after `epochs`, rounded to whole micro-batches, or never if that is absent. */
export function* planBatches(lengths: ArrayLike<number>, options: BatchOptions): Generator<PlannedBatch> {
  const epochs = options.epochs ?? Infinity
  if (lengths.length === 0) return
  for (let epoch = 0; epoch < epochs; epoch++) {
    const batches = planEpoch(lengths, options, epoch)
    const share = Math.min(1, epochs - epoch)
    yield* share === 1 ? batches : batches.slice(0, Math.max(epoch === 0 ? 1 : 0, Math.round(batches.length * share)))
  }
}

/** Optimizer steps for `epochs`: micro-batches divided by `accumulate`. The last step may have fewer micro-batches. */
export function countSteps(lengths: ArrayLike<number>, options: BatchOptions & { epochs: number }, accumulate: number): number {
  if (!options.packing || !options.shuffle) {
    const each = lengths.length ? planEpoch(lengths, { ...options, shuffle: false }, 0).length : 0
    const whole = Math.floor(options.epochs)
    const rest = Math.round(each * (options.epochs - whole))
    return Math.ceil(Math.max(each ? 1 : 0, each * whole + rest) / accumulate)
  }
  // How well rows pack depends on their order.
  let batches = 0
  for (const _ of planBatches(lengths, options)) batches++
  return Math.ceil(batches / accumulate)
}

/** How many rows stay open for the next examples. */
const openRows = 32

/** First fit: each example goes into the first open row that has room. */
function packed(order: readonly number[], lengths: ArrayLike<number>, longest: number): number[][] {
  const rows: number[][] = []
  let open: { row: number[]; room: number }[] = []
  for (const example of order) {
    const size = Math.min(lengths[example], longest)
    const place = open.find((candidate) => candidate.room >= size)
    if (place) {
      place.row.push(example)
      place.room -= size
      continue
    }
    const row = [example]
    rows.push(row)
    open = [...open, { row, room: longest - size }].slice(-openRows)
  }
  return rows
}
