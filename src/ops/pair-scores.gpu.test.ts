import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { pairScores } from './pair-scores'
import { placeRows } from './place-rows'
import { unitRows } from './unit-rows'

const gpus = testGpus()
const part = (x: Float64Array, row: number, width: number) => x.subarray(row * width, (row + 1) * width)
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0)

describe('pairScores', () => {
  for (const [rows, texts, width, own] of [
    [1, 1, 4, false],
    [3, 5, 12, false],
    [7, 65, 37, false],
    [3, 5, 12, true],
    [2, 3, 63, true],
  ] as const)
    it(`${rows} pictures, ${texts} texts${own ? ' each' : ''}, ${width} wide`, () => {
      const stride = Math.ceil(texts / 4) * 4
      const many = texts * (own ? rows : 1)
      return checkOp(gpus, {
        inputs: {
          f: { shape: [rows, width], values: normals(91, rows * width), gradient: 'activation' },
          g: { shape: [many, width], values: normals(92, many * width), gradient: 'activation' },
          s: { shape: [1], values: Float32Array.of(0.75) },
        },
        record: (r, { f, g, s }) => pairScores(r, f, g, s, own),
        reference: ({ f, g, s }) =>
          Float64Array.from({ length: rows * stride }, (_, i) => {
            const [b, k] = [Math.floor(i / stride), i % stride]
            return k < texts ? Math.exp(s[0]) * dot(part(f, b, width), part(g, (own ? b * texts : 0) + k, width)) : 0
          }),
      })
    })
})

describe('unitRows', () => {
  for (const [rows, width] of [
    [1, 4],
    [3, 63],
    [65, 20],
  ])
    it(`${rows} rows of ${width}`, () =>
      checkOp(gpus, {
        inputs: { x: { shape: [rows, width], values: normals(93, rows * width), gradient: 'activation' } },
        record: (r, { x }) => unitRows(r, x),
        reference: ({ x }) =>
          x.map((v, i) => v / Math.sqrt(dot(part(x, Math.floor(i / width), width), part(x, Math.floor(i / width), width)))),
      }))
})

describe('placeRows', () => {
  const places = [5, 1, 0, 8, 3, 6]
  for (const [width, add] of [
    [12, false],
    [5, false],
    [12, true],
  ] as const)
    it(`3 rows of ${width} at 2 places each${add ? ', added' : ''}`, () =>
      checkOp(gpus, {
        inputs: {
          x: { shape: [9, width], values: normals(94, 9 * width) },
          rows: { shape: [3, width], values: normals(95, 3 * width), gradient: 'activation' },
          places: { shape: [3, 2], values: Uint32Array.from(places) },
        },
        record: (r, tensors) => placeRows(r, tensors.x, tensors.rows, tensors.places, add),
        reference: ({ x, rows }) => {
          const y = Float64Array.from(x)
          for (const [at, place] of places.entries())
            part(rows, Math.floor(at / 2), width).forEach((v, c) => (y[place * width + c] = v + (add ? y[place * width + c] : 0)))
          return y
        },
      }))
})
