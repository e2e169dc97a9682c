// Some rows of a matrix as a separate tensor.
import type { Recorder } from '../tensor/recorder'
import { type Tensor, alignment, count, rowsOf } from '../tensor/tensor'
import { copyColumns } from './shape'

/** Copies n values of x, from `from` on, to y, from `to` on. */
function copyRun(r: Recorder, x: Tensor, from: number, y: Tensor, to: number, n: number): void {
  const inOneRow = (t: Tensor) => r.view(t, [1, count(t.shape)])
  copyColumns(r, inOneRow(x), from, inOneRow(y), to, n)
}

/** Writes `part` [n, C] over the rows of y [M, C] from `first` on. Not differentiable. */
export function putRows(r: Recorder, part: Tensor, y: Tensor, first: number): void {
  copyRun(r, part, 0, y, first * y.shape[1], count(part.shape))
}

/** Rows [first, first + n) of x [M, C], in place if a binding may start there, else as a copy. Not differentiable. */
export function takeRows(r: Recorder, x: Tensor, first: number, n: number): { part: Tensor; inPlace: boolean } {
  const width = x.shape[1]
  if ((first * width * 4) % alignment === 0) return { part: rowsOf(x, first, n), inPlace: true }
  const part = r.empty(`${x.label} from ${first}`, [n, width])
  copyRun(r, x, first * width, part, 0, n * width)
  return { part, inPlace: false }
}
