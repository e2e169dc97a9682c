import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { integers, normals } from '../testing/random'
import { ropeReference } from '../testing/reference/rope'
import { rope, ropeTable } from './rope'

const gpus = testGpus()
const theta = 10_000

interface Kind {
  factors?: readonly number[]
  /** How many numbers of a head are rotated. */
  dim?: number
  neighbours?: boolean
  scale?: number
}

async function checkRope(rows: number, heads: number, headDim: number, furthest: number, kind: Kind = {}): Promise<void> {
  const { dim = headDim, factors, neighbours, scale } = kind
  const positions = integers(4, rows, furthest)
  positions[0] = furthest - 1
  await checkOp(gpus, {
    inputs: {
      x: { shape: [rows, heads * headDim], values: normals(5, rows * heads * headDim), gradient: 'activation' },
      positions: { shape: [rows], values: positions },
      table: { shape: [furthest, dim], values: ropeTable(furthest, dim, theta, factors, scale) },
    },
    record: (r, { x, positions, table }) => rope(r, x, positions, table, { headDim, dim, neighbours }),
    reference: ({ x }) => ropeReference(x, positions, { headDim, heads, theta, ...kind }),
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
  it('frequencies divided by factors, far positions', () => checkRope(9, 2, 16, 4000, { factors: [1, 1, 1.5, 2, 4, 8, 8, 8] }))
  it('a part of each head', () => checkRope(9, 3, 32, 70, { dim: 24 }))
  it('a part of each head of an odd size', () => checkRope(9, 2, 10, 70, { dim: 6 }))
  it('neighbours, and a factor on the result', () => checkRope(65, 3, 16, 70, { neighbours: true, scale: 1.2 }))
  it('neighbours in a part of each head', () => checkRope(9, 2, 20, 70, { dim: 10, neighbours: true }))
})
