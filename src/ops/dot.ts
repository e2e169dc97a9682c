// Sums of products as gradients of single numbers.
import type { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'
import { threads, vectors } from './grid'
import { addParts } from './split-sum'

/** The sum is first made in so many pieces, so that many threads take part. */
const pieces = 1024

/** Adds Σ dy · x over equal shapes to the gradient of `to`, a parameter with one number. Off the tape. */
export function dotGradient(r: Recorder, dy: Tensor, x: Tensor, to: Tensor): void {
  const { part, of } = vectors(count(x.shape))
  const n = of(count(x.shape))
  const piece = Math.max(16, Math.ceil(n / pieces))
  const parts = r.empty(`${to.label} parts`, [Math.ceil(n / piece)])
  r.launch({
    kernel: { file: 'dot_parts', parts: ['common/index', part] },
    tensors: [dy, x, parts],
    params: { vectors: n, piece, pieces: parts.shape[0] },
    workgroups: threads(parts.shape[0]),
    flops: n * 8,
  })
  const target = r.gradTarget(to)
  addParts(r, parts, target.tensor, target.accumulate)
}
