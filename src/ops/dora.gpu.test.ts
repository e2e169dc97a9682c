import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { doraScale, rowNorms } from './dora'
import { trainableWeight } from './weight'

const gpus = testGpus()

describe('rowNorms', () => {
  for (const [rows, cols, rank] of [
    [1, 4, 1],
    [63, 68, 3],
    [65, 8, 8],
    [40, 172, 5],
    [37, 18, 3],
    [3, 301, 2],
  ])
    it(`${rows} × ${cols}, rank ${rank}`, () =>
      checkOp(gpus, {
        inputs: {
          w: { shape: [rows, cols], values: normals(100, rows * cols) },
          a: { shape: [rank, cols], values: normals(101, rank * cols) },
          b: { shape: [rows, rank], values: normals(102, rows * rank) },
          out: { shape: [rows], values: new Float32Array(rows) },
        },
        record: (r, { w, a, b }) => rowNorms(r, trainableWeight(w), { a, b, scale: 1.5 }),
        reference: ({ w, a, b }) =>
          Float64Array.from({ length: rows }, (_, n) => {
            let sum = 0
            for (let k = 0; k < cols; k++) {
              let value = w[n * cols + k]
              for (let j = 0; j < rank; j++) value += 1.5 * b[n * rank + j] * a[j * cols + k]
              sum += value * value
            }
            return Math.sqrt(sum)
          }),
      }))

  it('a matrix in three parts', () => {
    const [rows, cols] = [68, 36]
    const all = normals(103, rows * cols)
    const part = (from: number, to: number) => ({ shape: [to - from, cols], values: all.slice(from * cols, to * cols) })
    return checkOp(gpus, {
      inputs: {
        first: part(0, 32),
        second: part(32, 64),
        third: part(64, 68),
        a: { shape: [2, cols], values: normals(104, 2 * cols) },
        b: { shape: [rows, 2], values: normals(105, rows * 2) },
      },
      record: (r, { first, second, third, a, b }) =>
        rowNorms(
          r,
          {
            ...trainableWeight(first),
            shape: [rows, cols],
            parts: [
              { firstRow: 0, rows: 32, tensor: first },
              { firstRow: 32, rows: 32, tensor: second },
              { firstRow: 64, rows: 4, tensor: third },
            ],
          },
          { a, b, scale: 1 },
        ),
      reference: ({ a, b }) =>
        Float64Array.from({ length: rows }, (_, n) =>
          Math.sqrt(
            Array.from({ length: cols }, (_, k) => (all[n * cols + k] + b[2 * n] * a[k] + b[2 * n + 1] * a[cols + k]) ** 2).reduce(
              (x, y) => x + y,
            ),
          ),
        ),
    })
  })
})

describe('doraScale', () => {
  for (const biased of [false, true])
    for (const [rows, width] of [
      [1, 4],
      [65, 12],
      [63, 68],
      [9, 37],
    ])
      it(`${rows} rows of ${width}${biased ? ' with a bias' : ''}`, () =>
        checkOp(gpus, {
          inputs: {
            y: { shape: [rows, width], values: normals(106, rows * width), gradient: 'activation' },
            m: { shape: [width], values: normals(107, width), gradient: 'parameter' },
            norms: { shape: [width], values: normals(108, width).map((v) => 1 + v * v) },
            bias: { shape: [width], values: normals(109, width) },
          },
          record: (r, { y, m, norms, bias }) => doraScale(r, y, m, norms, biased ? bias : undefined),
          reference: ({ y, m, norms, bias }) =>
            y.map((v, i) => {
              const n = i % width
              const shift = biased ? bias[n] : 0
              return ((v - shift) * m[n]) / norms[n] + shift
            }),
        }))
})
