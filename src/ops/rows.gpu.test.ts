import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { addBlocks, dropRows, firstRows, pickRows, prependRows, repeatRows } from './rows'

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

describe('firstRows', () => {
  for (const [length, width, batch] of [
    [1, 4, 1],
    [7, 12, 3],
    [5, 37, 2],
  ])
    it(`of each ${length} rows of ${width}, ${batch} batch rows`, () =>
      checkOp(gpus, {
        inputs: { x: { shape: [batch * length, width], values: normals(88, batch * length * width), gradient: 'activation' } },
        record: (r, { x }) => firstRows(r, x, batch),
        reference: ({ x }) =>
          Float64Array.from({ length: batch * width }, (_, i) => x[Math.floor(i / width) * length * width + (i % width)]),
      }))
})

describe('addBlocks', () => {
  for (const [rows, width, blocks] of [
    [1, 4, 1],
    [7, 12, 3],
    [5, 37, 2],
  ])
    it(`${blocks} blocks of ${rows} rows of ${width}`, () =>
      checkOp(gpus, {
        inputs: { x: { shape: [blocks * rows, width], values: normals(89, blocks * rows * width), gradient: 'activation' } },
        record: (r, { x }) => addBlocks(r, x, blocks),
        reference: ({ x }) =>
          Float64Array.from({ length: rows * width }, (_, i) =>
            Array.from({ length: blocks }, (_, b) => x[b * rows * width + i]).reduce((a, c) => a + c, 0),
          ),
      }))
})

describe('pickRows', () => {
  const [from, width] = [[4, 1, 6], 12]
  const place = Uint32Array.from({ length: 9 }, (_, row) => (from.includes(row) ? from.indexOf(row) : 0xffffffff))
  it('takes rows 4, 1 and 6 of 9', () =>
    checkOp(gpus, {
      inputs: {
        x: { shape: [9, width], values: normals(90, 9 * width), gradient: 'activation' },
        rows: { shape: [3], values: Uint32Array.from(from) },
        place: { shape: [9], values: place },
      },
      record: (r, { x, rows, place: places }) => pickRows(r, x, rows, places),
      reference: ({ x }) => Float64Array.from(from.flatMap((row) => [...x.subarray(row * width, (row + 1) * width)])),
    }))
})
