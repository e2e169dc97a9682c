import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { swigluReference } from '../testing/reference/swiglu'
import { swiglu } from './swiglu'

const gpus = testGpus()

async function checkSwiglu(rows: number, width: number, deviation: number): Promise<void> {
  await checkOp(gpus, {
    inputs: {
      gate: { shape: [rows, width], values: normals(6, rows * width, deviation), gradient: 'activation' },
      up: { shape: [rows, width], values: normals(7, rows * width), gradient: 'activation' },
    },
    record: (r, { gate, up }) => swiglu(r, gate, up),
    reference: ({ gate, up }) => swigluReference(gate, up),
  })
}

describe('swiglu', () => {
  for (const [rows, width] of [
    [1, 4],
    [63, 12],
    [65, 172],
    [9, 37],
  ])
    it(`${rows} rows of ${width}`, () => checkSwiglu(rows, width, 1))
  it('gates far from zero give finite values', () => checkSwiglu(3, 68, 60))
})
