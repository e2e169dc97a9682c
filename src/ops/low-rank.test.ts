// Which products of low rank ride along in a large one; what comes of it is checked with the products (matmul.gpu.test.ts).
import { expect, it } from 'vitest'
import { Recorder } from '../tensor/recorder'
import { type Tensor, rowsOf, slotTensor } from '../tensor/tensor'
import { testProfiles } from '../testing/device'
import { tapeKernels } from './add'
import { matmul } from './matmul'
import { trainableWeight } from './weight'

const matrix = (label: string, shape: readonly number[]) =>
  trainableWeight(slotTensor({ label, purpose: 'weights', sizeBytes: shape[0] * shape[1] * 4 }, shape))

/** Launches of x W and a product of rank 4 that adds to what `part` takes of it. */
function launches(part: (y: Tensor) => Tensor): number {
  const r = new Recorder({ ...testProfiles.hardware, maxBindingBytes: 2 ** 27, maxBufferBytes: 2 ** 28 }, tapeKernels)
  const into = part(matmul(r, r.empty('x', [192, 48]), matrix('W', [48, 48])))
  matmul(r, r.empty('A x', [into.shape[0], 4]), matrix('B', [48, 4]), { into })
  return r.launches.length
}

it('is one launch with the large product on the same rows', () => {
  expect(launches((y) => y)).toBe(1)
})

it('is one of its own on some of the rows, wherever they begin', () => {
  expect(launches((y) => rowsOf(y, 0, 64))).toBe(2)
  expect(launches((y) => rowsOf(y, 64, 64))).toBe(2)
})
