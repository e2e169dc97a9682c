// Dropout (Srivastava 2014). Masks are computed from a hash, so nothing is kept for the backward pass.
import type { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'
import { threads, vectors } from './grid'

/**
 * x with values dropped at `rate` and the rest scaled by 1 / (1 − rate); x itself in a pass that does not train.
 * `site` makes the masks of one step different; `state` holds the step's seed.
 */
export function dropout(r: Recorder, x: Tensor, rate: number, site: number, state: Tensor): Tensor {
  if (!r.training || rate === 0) return x
  const { part, of } = vectors(count(x.shape))
  const n = of(count(x.shape))
  const params = { vectors: n, site, threshold: Math.min(0xffffffff, Math.floor(rate * 2 ** 32)), scale: 1 / (1 - rate) }
  const parts = ['common/index', part, 'common/step_state']
  const y = r.empty('dropout', x.shape)
  const masked = (from: Tensor, to: Tensor, accumulate: boolean) =>
    r.launch({
      kernel: { file: 'dropout', parts, constants: { ACCUMULATE: accumulate } },
      tensors: [state, from, to],
      params,
      workgroups: threads(n),
      flops: n * 40,
    })
  masked(x, y, false)
  r.record([y], [x], () => {
    const dx = r.gradTarget(x)
    masked(r.grad(y), dx.tensor, dx.accumulate)
  })
  return y
}
