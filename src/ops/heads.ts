// Heads whose size is not a multiple of four are padded with zeros: attention and its cache read vectors of four numbers. Zeros add
// nothing to a score, and the columns that they add to a weighted sum are cut off again.
import type { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'
import { elementwise } from './grid'
import { copyColumns } from './shape'

/** Numbers from one head to the next in attention's tensors: D, up to a multiple of 4. */
export function headStride(headDim: number): number {
  return Math.ceil(headDim / 4) * 4
}

/** x [M, H · from] as y [M, H · to]: each head's first numbers, and zeros where there are more. */
function resized(r: Recorder, x: Tensor, from: number, to: number): Tensor {
  const heads = count(x.shape) / from
  const y = r.empty(x.label, [x.shape[0], (x.shape[1] / from) * to])
  if (to > from) elementwise(r, 'zero', [y], y)
  copyColumns(r, r.view(x, [heads, from]), 0, r.view(y, [heads, to]), 0, Math.min(from, to))
  return y
}

function resizeHeads(r: Recorder, x: Tensor, from: number, to: number): Tensor {
  if (from === to) return x
  const y = resized(r, x, from, to)
  r.record([y], [x], () => r.passGrad(x, resized(r, r.grad(y), to, from)))
  return y
}

/** x [N] with zeros up to `width`; x itself if it is as wide. */
export function widened(r: Recorder, x: Tensor, width: number): Tensor {
  const [from] = x.shape
  if (from === width) return x
  const row = r.view(x, [1, from])
  r.record([row], [x], () => r.passGrad(x, r.view(r.grad(row), [from])))
  return resizeHeads(r, row, from, width)
}

/** x [M, H · D] with zeros after each head up to `headStride`; x itself if there is nothing to fill. */
export function padHeads(r: Recorder, x: Tensor, headDim: number): Tensor {
  return resizeHeads(r, x, headDim, headStride(headDim))
}

/** The inverse of `padHeads`. */
export function unpadHeads(r: Recorder, x: Tensor, headDim: number): Tensor {
  return resizeHeads(r, x, headStride(headDim), headDim)
}
