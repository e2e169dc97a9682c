import { describe, it } from 'vitest'
import { checkOp } from '../testing/check-op'
import { testGpus } from '../testing/device'
import { normals } from '../testing/random'
import { matmulReference } from '../testing/reference/matmul'
import { balanceReference, gatesReference } from '../testing/reference/router'
import { stepState } from '../testing/step-state'
import { matmul } from './matmul'
import { expertGates, routerGates } from './router'
import { trainableWeight } from './weight'

const gpus = testGpus()

describe('routerGates', () => {
  for (const [rows, experts, topK] of [
    [1, 4, 2],
    [65, 4, 1],
    [63, 5, 3],
    [7, 16, 2],
    [9, 3, 3],
  ])
    it(`${topK} of ${experts} experts, ${rows} rows`, () =>
      checkOp(gpus, {
        inputs: { z: { shape: [rows, experts], values: normals(90, rows * experts), gradient: 'activation' } },
        record: (r, { z }) => routerGates(r, z, topK),
        reference: ({ z }) => gatesReference(z, experts, topK),
      }))

  it('chooses the first of equal logits', () =>
    checkOp(gpus, {
      inputs: { z: { shape: [1, 4], values: new Float32Array([1, 2, 2, 2]) } },
      record: (r, { z }) => routerGates(r, z, 2),
      reference: () => Float64Array.of(0, 0.5, 0.5, 0),
    }))

  for (const [rows, experts, topK] of [
    [8, 4, 2],
    [66, 6, 3],
  ])
    it(`the balancing loss over ${rows} rows and ${experts} experts, some of them padding`, () => {
      const targets = Int32Array.from({ length: rows }, (_, m) => (m % 3 === 2 ? -2 : m % 2 ? -1 : 5))
      return checkOp(gpus, {
        inputs: {
          z: { shape: [rows, experts], values: normals(91, rows * experts), gradient: 'activation' },
          still: { shape: [rows, experts], values: new Float32Array(rows * experts) },
          targets: { shape: [rows], values: targets },
          // Two thirds of the step's supervised tokens.
          state: { shape: [64], values: stepState({ lossScale: 1 / 60, supervised: 40 }) },
          metrics: { shape: [8], values: new Float32Array(8) },
        },
        record(r, { z, still, targets, state, metrics }) {
          r.passGrad(
            routerGates(r, z, topK, { weight: 0.3, inputs: () => ({ rows: targets, place: targets, targets, state, metrics }) }),
            still,
          )
          r.backward()
          return metrics
        },
        reference: ({ z }) => Float64Array.of(0.3 * (2 / 3) * balanceReference(z, experts, topK, (m) => targets[m] !== -2)),
        isLoss: true,
      })
    })
})

describe('expertGates', () => {
  for (const [rows, rank] of [
    [1, 4],
    [65, 3],
    [62, 8],
  ])
    it(`${rows} rows of ${rank}, two experts added up`, () =>
      checkOp(gpus, {
        inputs: {
          a: { shape: [rows, rank], values: normals(92, rows * rank), gradient: 'activation' },
          b: { shape: [rows, rank], values: normals(93, rows * rank), gradient: 'activation' },
          gates: { shape: [rows, 2], values: normals(94, rows * 2), gradient: 'activation' },
          first: { shape: [rank, rank], values: normals(95, rank * rank) },
          second: { shape: [rank, rank], values: normals(96, rank * rank) },
        },
        record(r, { a, b, gates, first, second }) {
          const [x, y] = expertGates(r, [a, b], gates)
          return matmul(r, y, trainableWeight(second), { into: matmul(r, x, trainableWeight(first)) })
        },
        reference: ({ a, b, gates, first, second }) => {
          const gated = (x: Float64Array, e: number) => x.map((v, i) => v * gates[Math.floor(i / rank) * 2 + e])
          const other = matmulReference(gated(b, 1), second, rank)
          return matmulReference(gated(a, 0), first, rank).map((v, i) => v + other[i])
        },
      }))
})
