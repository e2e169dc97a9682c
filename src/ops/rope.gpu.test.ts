import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { integers, normals } from '../testing/random'
import { ropeReference } from '../testing/reference/rope'
import { rope, ropeTable } from './rope'

const gpus = testGpus()
const theta = 10_000

async function checkRope(rows: number, heads: number, headDim: number, furthest: number, factors?: readonly number[]): Promise<void> {
  const positions = integers(4, rows, furthest)
  positions[0] = furthest - 1
  await checkOp(gpus, {
    inputs: {
      x: { shape: [rows, heads * headDim], values: normals(5, rows * heads * headDim), gradient: 'activation' },
      positions: { shape: [rows], values: positions },
      table: { shape: [furthest, headDim], values: ropeTable(furthest, headDim, theta, factors) },
    },
    record: (r, { x, positions, table }) => rope(r, x, positions, table, headDim),
    reference: ({ x }) => ropeReference(x, positions, headDim, heads, theta, factors),
  })
}

describe('rope', () => {
  const cases = [
    [1, 1, 8],
    [63, 3, 8],
    [65, 2, 16],
    [7, 5, 24],
    [65, 4, 64],
    [5, 3, 4],
    [9, 2, 6],
    [7, 2, 20],
    [3, 2, 100],
  ]
  for (const [rows, heads, headDim] of cases) it(`${rows} rows, ${heads} heads of ${headDim}`, () => checkRope(rows, heads, headDim, 70))
  it('frequencies divided by factors, far positions', () => checkRope(9, 2, 16, 4000, [1, 1, 1.5, 2, 4, 8, 8, 8]))
})
