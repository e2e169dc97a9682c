// The same numbers in another shape, and the columns of a matrix as separate matrices.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { elementwise, threads, vectors } from './grid'

/** x in another shape with as many values; nothing is copied. */
export function reshape(r: Recorder, x: Tensor, shape: readonly number[]): Tensor {
  const y = r.view(x, shape)
  // Owned, because the tape cannot see that two shapes share memory.
  r.record([y], [x], () => r.passGrad(x, r.view(r.ownGrad(y), x.shape)))
  return y
}

/** Columns `from` … of x [M, X] become columns `to` … of y [M, Y], `width` of them, off the tape. */
export function copyColumns(r: Recorder, x: Tensor, from: number, y: Tensor, to: number, width: number): void {
  const { part, of } = vectors(width, x.shape[1], from, y.shape[1], to)
  const n = of(x.shape[0] * width)
  r.launch({
    kernel: { file: 'copy_columns', parts: ['common/index', part] },
    tensors: [x, y],
    params: { vectors: n, width: of(width), x_row: of(x.shape[1]), from_column: of(from), y_row: of(y.shape[1]), to_column: of(to) },
    workgroups: threads(n),
    flops: n * 4,
  })
}

/** x [M, N] → its columns as matrices [M, widths[i]], which add up to N. */
export function splitColumns(r: Recorder, x: Tensor, widths: readonly number[]): Tensor[] {
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((a, b) => a + b, 0))
  const parts = widths.map((width, i) => {
    const part = r.empty(`${x.label} ${i}`, [x.shape[0], width])
    copyColumns(r, x, starts[i], part, 0, width)
    return part
  })
  r.record(parts, [x], () => {
    const dx = r.empty(`d ${x.label}`, x.shape)
    // Columns that nothing used have no gradient.
    if (!parts.every((part) => r.hasGrad(part))) elementwise(r, 'zero', [dx], dx)
    parts.forEach((part, i) => r.hasGrad(part) && copyColumns(r, r.grad(part), 0, dx, starts[i], widths[i]))
    r.passGrad(x, dx)
  })
  return parts
}
