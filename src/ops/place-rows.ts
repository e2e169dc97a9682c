// Rows of one tensor at given places of another.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowVectors, threads } from './grid'

/**
 * x [M, C] with rows [R, C] at `places` (u32 [R, U], each at most once): in place of what is there, or added to it with `add`. Writes over x.
 * Without `add`, x must be frozen.
 */
export function placeRows(r: Recorder, x: Tensor, rows: Tensor, places: Tensor, add = false): Tensor {
  const [count, uses] = places.shape
  const { row, parts } = rowVectors(rows)
  const vectors = count * uses * row
  if (!add && x.requiresGrad) throw new Error(`place rows: expected frozen rows under ${rows.label}, got ${x.label}.`)
  r.launch({
    kernel: { file: 'place_rows', parts, constants: { ADD: add } },
    tensors: [places, rows, x],
    params: { vectors, row_vectors: row, places: uses },
    workgroups: threads(vectors),
    flops: vectors * 4,
  })
  const y = r.view(x)
  r.record([y], [rows, x], () => {
    const dy = r.grad(y)
    if (rows.requiresGrad) {
      const target = r.gradTarget(rows)
      r.launch({
        kernel: { file: 'place_rows_backward', parts },
        tensors: [places, dy, target.tensor],
        params: { vectors: count * row, row_vectors: row, places: uses, accumulate: target.accumulate },
        workgroups: threads(count * row),
        flops: vectors * 4,
      })
    }
    r.passGrad(x, dy)
  })
  return y
}
