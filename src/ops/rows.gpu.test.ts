import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { dropRows, prependRows, repeatRows } from './rows'

const gpus = testGpus()

describe('repeatRows', () => {
  for (const [rows, width, batch] of [
    [1, 4, 1],
    [7, 12, 3],
    [33, 68, 2],
    [3, 18, 2],
  ])
    it(`${rows} rows of ${width}, ${batch} times`, () =>
      checkOp(gpus, {
        inputs: { x: { shape: [rows, width], values: normals(84, rows * width), gradient: 'parameter' } },
        record: (r, { x }) => repeatRows(r, x, batch),
        reference: ({ x }) => Float64Array.from({ length: batch * x.length }, (_, i) => x[i % x.length]),
      }))
})

describe('prependRows', () => {
  for (const [tokens, length, width, batch] of [
    [1, 1, 4, 1],
    [3, 7, 12, 3],
    [30, 65, 20, 2],
    [3, 5, 37, 2],
  ])
    it(`${tokens} rows before each ${length} of ${width}, ${batch} batch rows`, () =>
      checkOp(gpus, {
        inputs: {
          prefix: { shape: [tokens, width], values: normals(85, tokens * width), gradient: 'activation' },
          x: { shape: [batch * length, width], values: normals(86, batch * length * width), gradient: 'activation' },
        },
        record: (r, { prefix, x }) => prependRows(r, prefix, x, batch),
        reference: ({ prefix, x }) =>
          Float64Array.from(
            Array.from({ length: batch }, (_, b) => [...prefix, ...x.subarray(b * length * width, (b + 1) * length * width)]).flat(),
          ),
      }))
})

describe('dropRows', () => {
  for (const [count, length, width, batch] of [
    [1, 2, 4, 1],
    [3, 7, 12, 3],
    [30, 65, 20, 2],
    [3, 5, 37, 2],
  ])
    it(`the first ${count} of each ${length} rows of ${width}, ${batch} batch rows`, () =>
      checkOp(gpus, {
        inputs: { x: { shape: [batch * length, width], values: normals(87, batch * length * width), gradient: 'activation' } },
        record: (r, { x }) => dropRows(r, x, count, batch),
        reference: ({ x }) =>
          Float64Array.from(
            Array.from({ length: batch }, (_, b) => [...x.subarray((b * length + count) * width, (b + 1) * length * width)]).flat(),
          ),
      }))
})
