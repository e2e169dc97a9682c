// Which low-rank products become part of a large one. Their numbers are checked in matmul.gpu.test.ts.
import { describe, expect, it } from 'vitest'
import { Recorder } from '../tensor/recorder'
import { type Tensor, rowsOf, slotTensor } from '../tensor/tensor'
import { testProfiles } from '../testing/device'
import { tapeKernels } from './add'
import { addBias } from './bias'
import { fuseLowRank } from './low-rank'
import { matmul, productInput } from './matmul'
import { relu } from './relu'
import { trainableWeight } from './weight'

const matrix = (label: string, shape: readonly number[]) =>
  trainableWeight(slotTensor({ label, purpose: 'weights', sizeBytes: shape[0] * shape[1] * 4 }, shape))

const recorder = () => new Recorder({ ...testProfiles.hardware, maxBindingBytes: 2 ** 27, maxBufferBytes: 2 ** 28 }, tapeKernels)

const bias = slotTensor({ label: 'b', purpose: 'weights', sizeBytes: 192 }, [48])

/** Kernels of what was recorded, after the pass. */
function kernels(r: Recorder): string[] {
  const hasUpdate = (parts: readonly string[] | undefined) => parts?.includes('common/low_rank')
  return fuseLowRank(r.launches).map(({ kernel }) => (hasUpdate(kernel.parts) ? `${kernel.file} with an update` : kernel.file))
}

/** x W, and a low-rank product that adds to what `part` makes of it. */
function updated(part: (y: Tensor, r: Recorder) => Tensor, rank = 4): Recorder {
  const r = recorder()
  const left = r.empty('A x', [192, rank])
  const into = part(matmul(r, r.empty('x', [192, 48]), matrix('W', [48, 48])), r)
  matmul(r, rowsOf(left, 0, into.shape[0]), matrix('B', [48, rank]), { into, scale: 3 })
  return r
}

describe('a low-rank product that adds to a large one', () => {
  it('becomes one launch with it if both use the same rows; the recording does not change', () => {
    const r = updated((y) => y)
    const before = [...r.launches]
    expect(kernels(r)).toEqual(['matmul_tiled with an update'])
    expect(r.launches).toEqual(before)
    const [{ tensors, flops, role }] = fuseLowRank(r.launches)
    expect(tensors.map((t) => t.label)).toEqual(['x', 'W', 'W x', 'A x', 'B'])
    expect([flops, role]).toEqual([2 * 192 * 48 * (48 + 4), undefined])
  })

  it('moves ahead of biases that were added in between', () => {
    expect(kernels(updated((y, r) => addBias(r, y, bias)))).toEqual(['matmul_tiled with an update', 'add_bias'])
    expect(kernels(updated((y, r) => addBias(r, addBias(r, y, bias), bias)))).toEqual([
      'matmul_tiled with an update',
      'add_bias',
      'add_bias',
    ])
  })

  it('stays behind other launches that touch the matrix, and moves ahead of those that do not', () => {
    const read = updated((y, r) => {
      relu(r, y)
      return addBias(r, y, bias)
    })
    expect(kernels(read)).toEqual(['matmul_tiled', 'relu', 'add_bias', 'matmul'])
    const apart = updated((y, r) => {
      relu(r, r.empty('other', [192, 48]))
      return y
    })
    expect(kernels(apart)).toEqual(['relu', 'matmul_tiled with an update'])
    expect(fuseLowRank(apart.launches)[0]).toBe(apart.launches[1])
  })

  it('stays separate if it covers only some of the rows, wherever they begin', () => {
    expect(kernels(updated((y) => rowsOf(y, 0, 64)))).toEqual(['matmul_tiled', 'matmul'])
    expect(kernels(updated((y) => rowsOf(y, 64, 64)))).toEqual(['matmul_tiled', 'matmul'])
  })

  it('stays separate if the batch may leave out only one of the two', () => {
    const under = (outer: number | undefined, inner: number | undefined) => {
      const r = recorder()
      const [x, left] = [r.empty('x', [192, 48]), r.empty('A x', [192, 4])]
      const when = <T>(rows: number | undefined, fn: () => T): T => {
        if (rows === undefined) return fn()
        let made: T | undefined
        r.beyondSupervised(rows, () => void (made = fn()))
        return made!
      }
      const into = when(outer, () => matmul(r, x, matrix('W', [48, 48])))
      when(inner, () => matmul(r, left, matrix('B', [48, 4]), { into }))
      return r
    }
    for (const [outer, inner] of [
      [undefined, 64],
      [64, undefined],
      [64, 128],
    ])
      expect(kernels(under(outer, inner))).toEqual(['matmul_tiled', 'matmul'])
    expect(kernels(under(64, 64))).toEqual(['matmul_tiled with an update'])
    expect(fuseLowRank(under(64, 64).launches)[0].beyondSupervised).toBe(64)
  })

  it('stays separate unless its rank is a multiple of 4 and at most 64', () => {
    const fused = (rank: number) => kernels(updated((y) => y, rank)).length === 1
    expect([3, 6, 68].map(fused)).toEqual([false, false, false])
    expect([8, 64].map(fused)).toEqual([true, true])
  })

  it('is at most one update; a second one has its own launch', () => {
    const r = updated((y, r) => matmul(r, r.empty('other A x', [192, 4]), matrix('other B', [48, 4]), { into: y }))
    expect(kernels(r)).toEqual(['matmul_tiled with an update', 'matmul'])
  })
})

describe('a low-rank product that a large one adds to', () => {
  /** dx = dy' A, then dx += dy W, whose sum is `long`. */
  function backward(long: number, first = false): Recorder {
    const r = recorder()
    const dx = r.empty('dx', [64, 48])
    productInput(r, r.empty('d A x', [64, 8]), matrix('A', [8, 48]), dx, first)
    productInput(r, r.empty('dy', [64, long]), matrix('W', [long, 48]), dx, true)
    return r
  }

  it('becomes one launch with it, which adds only if the first of the two did', () => {
    expect(kernels(backward(64))).toEqual(['matmul_input_tiled with an update'])
    const adds = (r: Recorder) => fuseLowRank(r.launches)[0].params
    expect(adds(backward(64))).toMatchObject({ accumulate: false })
    expect(adds(backward(64, true))).toMatchObject({ accumulate: true })
  })

  it('is fused into a split sum too, whose parts are then added up', () => {
    const r = backward(2048)
    expect(kernels(r)).toEqual(['matmul_input_tiled with an update', 'split_sum'])
    const [product, sum] = fuseLowRank(r.launches)
    expect(product.tensors[2]).toBe(sum.tensors[0])
    expect([product.params, sum.params]).toMatchObject([{ accumulate: false }, { accumulate: false }])
    const adding = fuseLowRank(backward(2048, true).launches)
    expect(adding.map(({ params }) => params)).toMatchObject([{ accumulate: false }, { accumulate: true }])
  })

  it('keeps its scale beside that of the large one', () => {
    const r = recorder()
    const dx = r.empty('dx', [64, 48])
    productInput(r, r.empty('d A x', [64, 8]), matrix('A', [8, 48]), dx, false, 6)
    productInput(r, r.empty('dy', [64, 64]), matrix('W', [64, 48]), dx, true, 2)
    expect(fuseLowRank(r.launches)[0].params).toMatchObject({ scale: 2, extra: 8, extra_scale: 3 })
  })
})
