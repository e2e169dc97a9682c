import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { rmsNormReference } from '../testing/reference/rms-norm'
import { rmsNorm } from './rms-norm'

const gpus = testGpus()

async function checkRmsNorm(rows: number, width: number, offset: number, deviation = 1): Promise<void> {
  const w = normals(3, width).map((v) => 1 + 0.3 * v)
  await checkOp(gpus, {
    inputs: {
      x: { shape: [rows, width], values: normals(2, rows * width, deviation), gradient: 'activation' },
      w: { shape: [width], values: w, gradient: 'parameter' },
    },
    record: (r, { x, w }) => rmsNorm(r, x, w, 1e-5, offset),
    reference: ({ x, w }) => rmsNormReference(x, w, 1e-5, offset),
  })
}

describe('rmsNorm', () => {
  const cases = [
    [1, 4, 0],
    [1, 172, 1],
    [63, 68, 0],
    [65, 100, 0],
    [65, 260, 1],
    [130, 12, 0],
    [65, 18, 1],
    [3, 261, 0],
  ]
  for (const [rows, width, offset] of cases) it(`${rows} rows of ${width}, offset ${offset}`, () => checkRmsNorm(rows, width, offset))
  it('values so small that ε matters', () => checkRmsNorm(5, 12, 0, 3e-3))
})
