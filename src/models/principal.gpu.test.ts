import { describe, expect, it } from 'vitest'
import { trainableWeight } from '../ops/weight'
import { allocate, release } from '../tensor/program'
import { testGpus } from '../testing/device'
import { normals, randomNumbers } from '../testing/random'
import { held } from '../testing/run-recorded'
import { eigen, orthonormalise, principal } from './principal'

const gpus = testGpus()
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0)

/** n orthonormal rows of `width`. */
function directions(seed: number, n: number, width: number): Float64Array[] {
  const rows = Array.from({ length: n }, (_, i) => Float64Array.from(normals(seed + i, width)))
  orthonormalise(rows)
  return rows
}

function expectOrthonormal(rows: readonly Float64Array[], within: number): void {
  rows.forEach((a, i) => rows.forEach((b, j) => expect(Math.abs(dot(a, b) - (i === j ? 1 : 0))).toBeLessThan(within)))
}

describe('principal', () => {
  for (const [n, k, rank] of [
    [96, 64, 4],
    [64, 172, 8],
    [12, 36, 12],
  ])
    it(`${rank} of ${n} × ${k}`, async () => {
      const sizes = Array.from({ length: Math.min(n, k) }, (_, i) => 3 * 0.8 ** i)
      const [left, right] = [directions(300, sizes.length, n), directions(500, sizes.length, k)]
      const values = Float32Array.from({ length: n * k }, (_, at) =>
        sizes.reduce((sum, size, i) => sum + left[i][Math.floor(at / k)] * size * right[i][at % k], 0),
      )
      for (const { gpu } of gpus) {
        const { tensor, slot } = held('w', [n, k], values)
        await allocate(gpu, 'the test', [slot])
        gpu.device.queue.writeBuffer(slot.buffer!, 0, values)
        const got = await principal(gpu, trainableWeight(tensor), rank, randomNumbers(1))
        release(gpu, [slot])
        got.values.forEach((value, i) => {
          expect(Math.abs(value / sizes[i] - 1)).toBeLessThan(1e-5)
          expect(Math.abs(Math.abs(dot(got.left[i], left[i])) - 1)).toBeLessThan(1e-4)
          expect(Math.abs(Math.abs(dot(got.right[i], right[i])) - 1)).toBeLessThan(1e-4)
          expect(Math.sign(dot(got.left[i], left[i]))).toBe(Math.sign(dot(got.right[i], right[i])))
        })
        expectOrthonormal(got.left, 1e-5)
        expectOrthonormal(got.right, 1e-9)
      }
    })
})

describe('eigen', () => {
  it('restores the matrix', () => {
    const n = 9
    const rows = Array.from({ length: n }, (_, i) => Float64Array.from(normals(700 + i, n)))
    const symmetric = rows.map((a) => Float64Array.from(rows, (b) => dot(a, b)))
    const { values, vectors } = eigen(symmetric)
    expectOrthonormal(vectors, 1e-12)
    expect(values).toEqual([...values].sort((a, b) => b - a))
    symmetric.forEach((row, i) =>
      row.forEach((v, j) => expect(values.reduce((sum, value, m) => sum + value * vectors[m][i] * vectors[m][j], 0)).toBeCloseTo(v, 10)),
    )
  })
})
