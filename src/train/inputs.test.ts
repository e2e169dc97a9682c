// The numbers that the host writes for a micro-batch are those that the tensors over the same buffer read.
import { expect, it } from 'vitest'
import type { MicroBatch } from '../data/micro-batch'
import { type Tensor, align, count } from '../tensor/tensor'
import { inputBytes, inputTensors, packInputs } from './inputs'

const positions = 70
const micro: MicroBatch = {
  rows: 1,
  length: 33,
  ids: Uint32Array.from({ length: 33 }, (_, i) => 100 + i),
  targets: Int32Array.from({ length: 33 }, (_, i) => (i === 3 || i === 31 ? 7 + i : -1)),
  positions: Uint32Array.from({ length: 33 }, (_, i) => i),
  first: new Uint32Array(33),
  supervised: 2,
  tokens: 33,
}

/** Two rows of two virtual tokens and 33 others, after a prefix of 4; the second row is padding. */
const bytes = packInputs(micro, 2, 2, 1000, 4)
const tensors = inputTensors({ label: 'inputs', purpose: 'inputs', sizeBytes: inputBytes(positions) }, positions)
const seen = ({ dtype, offset, shape }: Tensor) =>
  Array.from(new { u32: Uint32Array, i32: Int32Array, f32: Float32Array }[dtype](bytes, offset, count(shape)))

it('each tensor reads the numbers of its name', () => {
  expect(bytes.byteLength).toBe(inputBytes(positions))
  expect(seen(tensors.ids).slice(0, 4)).toEqual([1000, 1001, 100, 101])
  expect(seen(tensors.positions).slice(0, 4)).toEqual([4, 5, 6, 7])
  expect(seen(tensors.targets).slice(0, 6)).toEqual([-1, -1, -1, -1, -1, 10])
  expect(seen(tensors.targets).slice(35, 38)).toEqual([-1, -1, -2])
  expect(seen(tensors.rows).slice(0, 3)).toEqual([5, 33, 0])
  expect(seen(tensors.place).flatMap((place, m) => (place === 0xffffffff ? [] : [[m, place]]))).toEqual([
    [5, 0],
    [33, 1],
  ])
  expect(seen(tensors.ranges).slice(0, 6)).toEqual([0, 5, 0, 6, 0, 7])
})

it('tensors follow one another, start where a binding may start, and end within the buffer', () => {
  const inOrder = Object.values(tensors).sort((a, b) => a.offset - b.offset)
  const ends = inOrder.map(({ offset, shape }) => offset + count(shape) * 4)
  inOrder.forEach(({ label, offset }, i) => {
    expect(offset % align(1), label).toBe(0)
    expect(offset, label).toBeGreaterThanOrEqual(ends[i - 1] ?? 0)
  })
  expect(ends.at(-1)).toBeLessThanOrEqual(inputBytes(positions))
})
