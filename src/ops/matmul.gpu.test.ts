import { describe, expect, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { matmulReference } from '../testing/reference/matmul'
import type { Tensor } from '../tensor/tensor'
import { weightFormat } from '../formats/quant/registry'
import { fuseLowRank } from './low-rank'
import { matmul } from './matmul'
import { type Weight, trainableWeight } from './weight'

const gpus = testGpus()

function values(rows: number, inner: number, width: number) {
  return { x: normals(12, rows * inner), w: normals(13, width * inner, 1 / Math.sqrt(inner)) }
}

async function checkTrainable(rows: number, inner: number, width: number): Promise<void> {
  const { x, w } = values(rows, inner, width)
  await checkOp(gpus, {
    inputs: {
      x: { shape: [rows, inner], values: x, gradient: 'activation' },
      w: { shape: [width, inner], values: w, gradient: 'parameter' },
    },
    record: (r, { x, w }) => matmul(r, x, trainableWeight(w)),
    reference: ({ x, w }) => matmulReference(x, w, inner),
  })
}

describe('matmul with a trained weight', () => {
  const cases = [
    [1, 4, 4],
    [3, 100, 68],
    [63, 68, 12],
    [65, 64, 172],
    [130, 16, 36],
    // Rows in splits, for weights by eight lanes too.
    [130, 36, 68],
    // Sums that are split because there are few outputs.
    [33, 528, 36],
    [40, 36, 1040],
    // Rows that are not a multiple of 4, on one side or both.
    [65, 37, 18],
    [2, 18, 36],
    [33, 36, 37],
  ]
  for (const [rows, inner, width] of cases) it(`${rows} × ${inner} by ${width}`, () => checkTrainable(rows, inner, width))
})

describe('thin matmul, as in LoRA', () => {
  // 200 rows cut the gradients of A and B into splits.
  for (const [rank, rows] of [
    [1, 200],
    [2, 1],
    [3, 65],
    [4, 63],
    [8, 200],
  ])
    it(`y + s · B A x, rank ${rank}, ${rows} rows`, async () => {
      const [inner, width, scale] = [36, 20, 1.7]
      await checkOp(gpus, {
        inputs: {
          x: { shape: [rows, inner], values: normals(14, rows * inner), gradient: 'activation' },
          y: { shape: [rows, width], values: normals(15, rows * width), gradient: 'activation' },
          a: { shape: [rank, inner], values: normals(16, rank * inner, 0.2), gradient: 'parameter' },
          b: { shape: [width, rank], values: normals(17, width * rank, 0.5), gradient: 'parameter' },
        },
        record: (r, { x, y, a, b }) => matmul(r, matmul(r, x, trainableWeight(a)), trainableWeight(b), { scale, into: y }),
        reference: ({ x, y, a, b }) => matmulReference(matmulReference(x, a, inner), b, rank, scale, y),
      })
    })

  // Sums long enough that the lanes of a workgroup share them on GPUs.
  for (const [rank, rows, side] of [
    [8, 37, 300],
    [4, 5, 1028],
    [12, 70, 132],
  ])
    it(`rank ${rank} of ${side} columns, ${rows} rows, down and up again`, async () => {
      await checkOp(gpus, {
        inputs: {
          x: { shape: [rows, side], values: normals(19, rows * side), gradient: 'activation' },
          a: { shape: [rank, side], values: normals(20, rank * side, 0.1), gradient: 'parameter' },
          b: { shape: [side, rank], values: normals(21, side * rank, 0.3), gradient: 'parameter' },
        },
        record: (r, { x, a, b }) => matmul(r, matmul(r, x, trainableWeight(a)), trainableWeight(b), { scale: 0.7 }),
        reference: ({ x, a, b }) => matmulReference(matmulReference(x, a, side), b, rank, 0.7),
      })
    })

  // Base and update in one product on GPUs. r = 8 fills half of a tile's turn, and 20 one and a quarter.
  for (const [rank, rows, inner, width] of [
    [8, 70, 80, 68],
    [20, 40, 48, 100],
  ])
    it(`y = W x + s · B A x as one, rank ${rank}, ${rows} rows`, async () => {
      await checkOp(gpus, {
        inputs: {
          x: { shape: [rows, inner], values: normals(22, rows * inner), gradient: 'activation' },
          w: { shape: [width, inner], values: normals(23, width * inner, 0.2) },
          a: { shape: [rank, inner], values: normals(24, rank * inner, 0.2), gradient: 'parameter' },
          b: { shape: [width, rank], values: normals(25, width * rank, 0.5), gradient: 'parameter' },
        },
        record: (r, { x, w, a, b }) => {
          const y = matmul(r, x, frozen([width, inner], [{ firstRow: 0, rows: width, tensor: w }]), { scale: 0.5 })
          const out = matmul(r, matmul(r, x, trainableWeight(a)), trainableWeight(b), { scale: 1.7, into: y })
          const fused = fuseLowRank(r.launches)
          const updates = fused.map((l) => l.kernel.parts?.includes('common/low_rank') ?? false)
          expect([r.launches.length - fused.length, updates.at(-1)]).toEqual(r.profile.matmul === 'tiled' ? [1, true] : [0, false])
          return out
        },
        reference: ({ x, w, a, b }) => matmulReference(matmulReference(x, a, inner), b, rank, 1.7, matmulReference(x, w, inner, 0.5)),
      })
    })

  it('odd widths on both sides', () => checkTrainable(9, 5, 7))
})

function frozen(shape: readonly [number, number], parts: readonly { firstRow: number; rows: number; tensor: Tensor }[]): Weight {
  return { name: 'w', shape, format: 'f32', reader: weightFormat('f32').reader(shape[1]), parts }
}

describe('matmul with a frozen weight', () => {
  const cases = [
    [1, 36, 130],
    [65, 36, 100],
    [65, 64, 127],
  ]
  for (const [rows, inner, width] of cases)
    it(`${rows} × ${inner} by ${width}, scaled, into a tensor`, async () => {
      const { x, w } = values(rows, inner, width)
      await checkOp(gpus, {
        inputs: {
          x: { shape: [rows, inner], values: x, gradient: 'activation' },
          into: { shape: [rows, width], values: normals(18, rows * width) },
          w: { shape: [width, inner], values: w },
        },
        record: (r, { x, w, into }) =>
          matmul(r, x, frozen([width, inner], [{ firstRow: 0, rows: width, tensor: w }]), { scale: -0.5, into }),
        reference: ({ x, w, into }) => matmulReference(x, w, inner, -0.5, into),
      })
    })

  // Parts begin at multiples of 32 rows, as the loader cuts them.
  for (const [rows, inner] of [
    [1, 36],
    [65, 64],
  ])
    it(`${rows} × ${inner}, in three parts`, async () => {
      const { x, w } = values(rows, inner, 68)
      const part = (from: number, to: number) => ({ shape: [to - from, inner], values: w.slice(from * inner, to * inner) })
      await checkOp(gpus, {
        inputs: {
          x: { shape: [rows, inner], values: x, gradient: 'activation' },
          first: part(0, 32),
          second: part(32, 64),
          third: part(64, 68),
        },
        record: (r, { x, first, second, third }) =>
          matmul(
            r,
            x,
            frozen(
              [68, inner],
              [
                { firstRow: 0, rows: 32, tensor: first },
                { firstRow: 32, rows: 32, tensor: second },
                { firstRow: 64, rows: 4, tensor: third },
              ],
            ),
          ),
        reference: ({ x }) => matmulReference(x, w, inner),
      })
    })
})
