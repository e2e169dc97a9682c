import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { geluReference } from '../testing/reference/gelu'
import { geglu } from './geglu'
import { gelu } from './gelu'

const gpus = testGpus()
const shapes = [
  [1, 4],
  [63, 12],
  [65, 172],
  [9, 37],
]

async function checkGelu(rows: number, width: number, deviation: number): Promise<void> {
  await checkOp(gpus, {
    inputs: { x: { shape: [rows, width], values: normals(6, rows * width, deviation), gradient: 'activation' } },
    record: (r, { x }) => gelu(r, x),
    reference: ({ x }) => geluReference(x),
  })
}

async function checkGeglu(rows: number, width: number, deviation: number): Promise<void> {
  await checkOp(gpus, {
    inputs: {
      gate: { shape: [rows, width], values: normals(6, rows * width, deviation), gradient: 'activation' },
      up: { shape: [rows, width], values: normals(7, rows * width), gradient: 'activation' },
    },
    record: (r, { gate, up }) => geglu(r, gate, up),
    reference: ({ gate, up }) => geluReference(gate).map((g, i) => g * up[i]),
  })
}

describe('gelu', () => {
  for (const [rows, width] of shapes) it(`${rows} rows of ${width}`, () => checkGelu(rows, width, 1))
  it('values far from zero give finite results', () => checkGelu(3, 68, 60))
})

describe('geglu', () => {
  for (const [rows, width] of shapes) it(`${rows} rows of ${width}`, () => checkGeglu(rows, width, 1))
  it('gates far from zero give finite values', () => checkGeglu(3, 68, 60))
})
