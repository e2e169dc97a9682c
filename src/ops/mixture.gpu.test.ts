import { describe, expect, it } from 'vitest'
import { weightFormat } from '../formats/quant/registry'
import { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowsOf } from '../tensor/tensor'
import { checkOp } from '../testing/check-op'
import { testGpus, testProfiles } from '../testing/device'
import { normals } from '../testing/random'
import { chosenReference, mixtureGatesReference, mixtureReference } from '../testing/reference/mixture'
import { tapeKernels } from './add'
import { type ExpertWeight, packedExperts, trainedExperts } from './expert-weight'
import { expertProduct, fromExperts, route, toExperts } from './mixture'

const gpus = testGpus()

const frozen = (w: Tensor, [n, k]: readonly [number, number], experts: number): ExpertWeight =>
  packedExperts(
    {
      name: 'experts',
      shape: [experts * n, k],
      format: 'f32',
      reader: weightFormat('f32').reader(k),
      parts: [{ firstRow: 0, rows: experts * n, tensor: { ...w, dtype: 'u32' } }],
    },
    n,
  )

/** Matrices in one buffer, an expert's after the other's. Their sizes must be multiples of 64 numbers. */
const trained = (w: Tensor, [n, k]: readonly [number, number], experts: number): ExpertWeight => {
  const grad = w.grad
  return trainedExperts(
    'experts',
    Array.from({ length: experts }, (_, e) => {
      const part = rowsOf({ ...w, shape: [experts * n, k] }, e * n, n)
      return { ...part, grad: grad && rowsOf({ ...grad, shape: [experts * n, k] }, e * n, n) }
    }),
  )
}

describe('a mixture of experts', () => {
  // The last case has more experts than slots.
  for (const [rows, experts, topK, n, k, normalised, weights] of [
    [70, 5, 3, 7, 10, false, 'frozen'],
    [33, 3, 2, 8, 16, true, 'trained'],
    [3, 130, 2, 4, 4, true, 'frozen'],
  ] as const)
    it(`${rows} tokens, ${topK} of ${experts} ${weights} experts, ${n} × ${k}, ${normalised ? 'normalised' : 'shares of all'}`, () => {
      const rule = { topK, normalised, scale: normalised ? 1.5 : 1 }
      return checkOp(gpus, {
        inputs: {
          x: { shape: [rows, k], values: normals(201, rows * k), gradient: 'activation' },
          z: { shape: [rows, experts], values: normals(202, rows * experts, 2), gradient: 'activation' },
          w: {
            shape: [experts * n, k],
            values: normals(203, experts * n * k),
            ...(weights === 'trained' && { gradient: 'parameter' as const }),
          },
        },
        record(r, { x, z, w }) {
          const routing = route(r, z, rule)
          const weight = (weights === 'trained' ? trained : frozen)(w, [n, k], experts)
          return fromExperts(r, expertProduct(r, toExperts(r, x, routing), weight, routing), routing)
        },
        reference: ({ x, z, w }) =>
          mixtureReference(x, w, [n, k], chosenReference(z, experts, topK), mixtureGatesReference(z, experts, rule)),
      })
    })

  it('has as many tiles as the worst choice needs', () => {
    const profile = { ...testProfiles.hardware, maxBindingBytes: 2 ** 27, maxBufferBytes: 2 ** 28 }
    for (const tokens of [1, 4, 5, 32, 50])
      for (const experts of [2, 3, 8, 70]) {
        const r = new Recorder(profile, tapeKernels)
        const { tiles } = route(r, r.empty('z', [tokens, experts]), { topK: 2, normalised: true })
        // One row for as many experts as possible; all other rows with one of them.
        const used = Math.min(2 * tokens, experts)
        expect(tiles.shape[0]).toBeGreaterThanOrEqual(used - 1 + Math.ceil((2 * tokens - used + 1) / 8))
        expect(tiles.shape[0]).toBeLessThanOrEqual(2 * tokens)
      }
  })
})
