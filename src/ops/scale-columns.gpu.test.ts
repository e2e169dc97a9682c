import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { integers, normals } from '../testing/random'
import { gatherColumns } from './gather-columns'
import { scaleColumns } from './scale-columns'

const gpus = testGpus()

describe('scaleColumns', () => {
  for (const [rows, width] of [
    [1, 4],
    [63, 12],
    [65, 172],
    [9, 37],
  ])
    it(`${rows} × ${width}`, () =>
      checkOp(gpus, {
        inputs: {
          x: { shape: [rows, width], values: normals(110, rows * width), gradient: 'activation' },
          l: { shape: [width, 1], values: normals(111, width), gradient: 'parameter' },
        },
        record: (r, { x, l }) => scaleColumns(r, x, l),
        reference: ({ x, l }) => x.map((v, i) => v * l[i % width]),
      }))
})

describe('gatherColumns', () => {
  for (const [rows, rank, columns] of [
    [1, 1, 3],
    [64, 4, 20],
    [65, 3, 500],
  ])
    it(`${rows} ids among ${columns}, rank ${rank}, some beyond the table`, () => {
      const ids = integers(112, rows, columns + 2)
      return checkOp(gpus, {
        inputs: {
          ids: { shape: [rows], values: ids },
          a: { shape: [rank, columns], values: normals(113, rank * columns), gradient: 'parameter' },
        },
        record: (r, { ids, a }) => gatherColumns(r, a, ids),
        reference: ({ a }) =>
          Float64Array.from({ length: rows * rank }, (_, i) =>
            ids[Math.floor(i / rank)] < columns ? a[(i % rank) * columns + ids[Math.floor(i / rank)]] : 0,
          ),
      })
    })
})
