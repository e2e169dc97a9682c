// Sums that were made in parts, added up in order.
import type { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'
import { threads } from './grid'

/** into (+)= Σ over the first dimension of `parts` [S, …], off the tape. */
export function addParts(r: Recorder, parts: Tensor, into: Tensor, accumulate = false): void {
  const [n, splits] = [count(into.shape), parts.shape[0]]
  r.launchWords({ file: 'split_sum', parts: ['common/index'] }, [parts, into], [n, splits, accumulate ? 1 : 0], threads(n), splits * n)
}
