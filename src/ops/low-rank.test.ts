// Which products of low rank ride along in a large one; what comes of it is checked with the products (matmul.gpu.test.ts).
import { expect, it } from 'vitest'
import { Recorder } from '../tensor/recorder'
import { type Tensor, rowsOf, slotTensor } from '../tensor/tensor'
import { testProfiles } from '../testing/device'
import { tapeKernels } from './add'
import { addBias } from './bias'
import { matmul } from './matmul'
import { relu } from './relu'
import { trainableWeight } from './weight'

const matrix = (label: string, shape: readonly number[]) =>
  trainableWeight(slotTensor({ label, purpose: 'weights', sizeBytes: shape[0] * shape[1] * 4 }, shape))

/** Kernels of x W and a product of rank 4 that adds to what `part` makes of it. */
function launches(part: (y: Tensor, r: Recorder) => Tensor): string[] {
  const r = new Recorder({ ...testProfiles.hardware, maxBindingBytes: 2 ** 27, maxBufferBytes: 2 ** 28 }, tapeKernels)
  const into = part(matmul(r, r.empty('x', [192, 48]), matrix('W', [48, 48])), r)
  matmul(r, r.empty('A x', [into.shape[0], 4]), matrix('B', [48, 4]), { into })
  return r.launches.map((l) => (l.kernel.parts?.includes('common/low_rank') ? `${l.kernel.file} with an update` : l.kernel.file))
}

it('is one launch with the large product on the same rows', () => {
  expect(launches((y) => y)).toEqual(['matmul_tiled with an update'])
})

it('goes past a bias that was added in between, which comes behind; not past anything that reads', () => {
  const bias = slotTensor({ label: 'b', purpose: 'weights', sizeBytes: 192 }, [48])
  expect(launches((y, r) => addBias(r, y, bias))).toEqual(['matmul_tiled with an update', 'add_bias'])
  expect(launches((y, r) => addBias(r, addBias(r, y, bias), bias))).toEqual(['matmul_tiled with an update', 'add_bias', 'add_bias'])
  const read = launches((y, r) => {
    relu(r, y)
    return addBias(r, y, bias)
  })
  expect(read).toEqual(['matmul_tiled', 'relu', 'add_bias', 'matmul'])
})

it('is one of its own on some of the rows, wherever they begin', () => {
  expect(launches((y) => rowsOf(y, 0, 64))).toEqual(['matmul_tiled', 'matmul'])
  expect(launches((y) => rowsOf(y, 64, 64))).toEqual(['matmul_tiled', 'matmul'])
})
