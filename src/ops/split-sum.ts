// Adds up the parts of a sum in order.
import type { Recorder } from '../tensor/recorder'
import type { Role } from '../tensor/role'
import { type Tensor, count } from '../tensor/tensor'
import { threads } from './grid'

/** into (+)= Σ over the first dimension of `parts` [S, …], off the tape. */
export function addParts(r: Recorder, parts: Tensor, into: Tensor, accumulate = false, role?: Role): void {
  const [n, splits] = [count(into.shape), parts.shape[0]]
  r.launch({
    kernel: { file: 'split_sum', parts: ['common/index'] },
    tensors: [parts, into],
    params: { count: n, splits, accumulate },
    workgroups: threads(n),
    flops: splits * n,
    role,
  })
}
