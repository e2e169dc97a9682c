import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeMicroBatch } from './micro-batch'
import { type BatchOptions, countSteps, lengthBuckets, planBatches, planEpoch } from './plan-batches'
import { seededRandom, shuffled } from './random'
import { splitRows } from './split'
import { noTokenizer } from '../tokenizer/no-tokenizer'
import { dataOptions, memorySource } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const options = (overrides: Partial<BatchOptions> = {}): BatchOptions => ({
  batchSize: 4,
  buckets: lengthBuckets(128),
  shuffle: true,
  seed: 7,
  packing: false,
  ...overrides,
})
const lengths = fc.array(fc.integer({ min: 1, max: 128 }), { minLength: 1, maxLength: 60 })

describe('order', () => {
  it('is the same for the same seed, and different for another seed', () => {
    expect(shuffled(50, 3)).toEqual(shuffled(50, 3))
    expect(shuffled(50, 3)).not.toEqual(shuffled(50, 4))
    expect(shuffled(50, 3, 1)).not.toEqual(shuffled(50, 3, 2))
    expect([...shuffled(50, 3)].sort((a, b) => a - b)).toEqual([...Array(50).keys()])
  })
  it('puts every row everywhere about equally often', () => {
    const counts = new Int32Array(25)
    for (let seed = 0; seed < 4000; seed++) shuffled(5, seed).forEach((value, place) => counts[value * 5 + place]++)
    // 800 expected, standard deviation 25.
    for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(125)
    const random = seededRandom(1)
    for (let i = 0; i < 1000; i++) expect(random()).toBeLessThan(1)
  })
  it('follows the file without shuffling', () => {
    expect(planEpoch([1, 2, 3, 4, 5], options({ shuffle: false, batchSize: 2 }), 0).map((b) => b.rows)).toEqual([
      [[0], [1]],
      [[2], [3]],
      [[4]],
    ])
  })
})

describe('split', () => {
  it.each([
    [100, 0.1, 10],
    [3, 0.01, 1],
    [2, 0.99, 1],
    [1, 0.5, 0],
    [50, 0, 0],
    [15, 0.1, 2],
  ])('%i rows, share %d: %i held out', (count, share, held) => {
    const split = splitRows(count, share, 1)
    expect([split.eval.length, split.train.length]).toEqual([held, count - held])
    expect([...split.eval, ...split.train].sort((a, b) => a - b)).toEqual([...Array(count).keys()])
    expect(splitRows(count, share, 1)).toEqual(split)
  })
  it('holds out only rows that may be', () => {
    const even = (row: number): boolean => row % 2 === 0
    expect(splitRows(100, 0.2, 1, even).eval).toHaveLength(20)
    expect(splitRows(100, 0.2, 1, even).eval.every(even)).toBe(true)
    expect(splitRows(100, 0.9, 1, even)).toMatchObject({ eval: { length: 50 }, train: { length: 50 } })
  })
})

describe('batches', () => {
  it('have few lengths', () => {
    expect(lengthBuckets(512)).toEqual([32, 48, 64, 96, 128, 192, 256, 384, 512])
    expect(lengthBuckets(100)).toEqual([32, 48, 64, 96, 100])
    expect(lengthBuckets(24)).toEqual([24])
    expect(lengthBuckets(32)).toEqual([32])
  })
  it('hold every example once, in the smallest bucket that holds the longest', () => {
    fc.assert(
      fc.property(lengths, fc.boolean(), fc.integer({ min: 0, max: 5 }), (list, packing, epoch) => {
        const o = options({ packing })
        const batches = planEpoch(list, o, epoch)
        expect(batches.flatMap((b) => b.rows.flat()).sort((a, b) => a - b)).toEqual([...list.keys()])
        for (const { rows, length } of batches) {
          const used = rows.map((row) => row.reduce((sum, i) => sum + list[i], 0))
          expect(Math.max(...used)).toBeLessThanOrEqual(length)
          expect(length).toBe(packing ? 128 : o.buckets.find((bucket) => bucket >= Math.max(...used)))
          expect(rows.length).toBeLessThanOrEqual(4)
          expect(packing || rows.every((row) => row.length === 1)).toBe(true)
        }
      }),
    )
  })
  it('continue for the given number of epochs, and their steps are known in advance', () => {
    fc.assert(
      fc.property(
        lengths,
        fc.constantFrom(0.01, 0.5, 1, 2, 2.5),
        fc.boolean(),
        fc.integer({ min: 1, max: 3 }),
        (list, epochs, packing, accumulate) => {
          const o = { ...options({ packing }), epochs }
          expect(countSteps(list, o, accumulate)).toBe(Math.ceil([...planBatches(list, o)].length / accumulate))
        },
      ),
    )
    const endless = planBatches([1, 1, 1, 1, 1], options())
    const epochs = Array.from({ length: 6 }, () => endless.next().value?.epoch)
    expect(epochs).toEqual([0, 0, 1, 1, 2, 2])
  })
})

describe('micro-batches', () => {
  const rows = [
    { input_ids: [1, 2, 3], labels: [-100, 2, 3] },
    { input_ids: [4, 5, 6, 7], labels: [-100, -100, 6, 9] },
    { input_ids: [8, 9] },
  ]
  const dataset = () => tokenizeDataset(memorySource(rows), noTokenizer(10), undefined, dataOptions())

  it('are padded on the right, with targets one to the left', async () => {
    const batch = makeMicroBatch(await dataset(), { rows: [[0], [1]], length: 5, epoch: 0 })
    expect(batch).toEqual({
      rows: 2,
      length: 5,
      ids: Uint32Array.of(1, 2, 3, 0, 0, 4, 5, 6, 7, 0),
      targets: Int32Array.of(2, 3, -1, -1, -1, -1, 6, 9, -1, -1),
      positions: Uint32Array.of(0, 1, 2, 0, 0, 0, 1, 2, 3, 0),
      first: Uint32Array.of(0, 0, 0, 3, 4, 0, 0, 0, 0, 4),
      supervised: 4,
      tokens: 7,
      filled: [3, 4],
    })
  })
  it('keep packed examples separate', async () => {
    const batch = makeMicroBatch(await dataset(), { rows: [[2, 0]], length: 6, epoch: 0 }, undefined, 2)
    expect([batch.rows, batch.supervised, batch.tokens]).toEqual([2, 3, 5])
    expect([...batch.ids]).toEqual([8, 9, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0])
    // The last token of an example predicts nothing: not the next example's first.
    expect([...batch.targets]).toEqual([9, -1, 2, 3, -1, -1, -1, -1, -1, -1, -1, -1])
    expect([...batch.positions]).toEqual([0, 1, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0])
    expect([...batch.first]).toEqual([0, 0, 2, 2, 2, 5, 0, 1, 2, 3, 4, 5])
  })
  it('train on the first token of each row after virtual tokens if its label says so', async () => {
    const apart = makeMicroBatch(await dataset(), { rows: [[0], [2]], length: 6, epoch: 0 }, undefined, 3, true)
    expect([[...apart.leading!], apart.supervised]).toEqual([[-1, 8, -1], 4])
    // Its first token has another label.
    const other = [{ input_ids: [1, 2, 3], labels: [7, -100, 3] }]
    const one = await tokenizeDataset(memorySource(other), noTokenizer(10), undefined, dataOptions())
    const made = makeMicroBatch(one, { rows: [[0]], length: 3, epoch: 0 }, undefined, 1, true)
    expect([[...made.leading!], [...made.targets], made.supervised]).toEqual([[7], [-1, 3, -1], 2])
  })
  it('take rows of a split and cut at a shorter length', async () => {
    const batch = makeMicroBatch(await dataset(), { rows: [[0]], length: 2, epoch: 0 }, Int32Array.of(1))
    expect([[...batch.ids], [...batch.targets]]).toEqual([
      [4, 5],
      [-1, -1],
    ])
  })
  it('give the loss mask of the goldens', async () => {
    const golden = { input_ids: [47, 14, 64, 68, 81, 121], labels: [-100, -100, -100, 68, 81, 121] }
    const one = await tokenizeDataset(memorySource([golden]), noTokenizer(128), undefined, dataOptions())
    // Loss over positions t with labels[t+1] != -100.
    expect([...makeMicroBatch(one, { rows: [[0]], length: 6, epoch: 0 }).targets]).toEqual([-1, -1, 68, 81, 121, -1])
  })
})
