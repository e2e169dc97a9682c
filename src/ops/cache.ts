// Writes the keys and values of a decoding step to their cache.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { threads } from './grid'

/** cache[b, at[b] + t] = x[b, t], rounded to f16, for x [B · T, C], cache u32 [B · longest, C / 2], at u32 [B]; C a multiple of 4. Not differentiable. */
export function cacheWrite(r: Recorder, at: Tensor, x: Tensor, cache: Tensor): void {
  const row = x.shape[1] / 4
  const n = x.shape[0] * row
  const rows = at.shape[0]
  const params = { vectors: n, row_vectors: row, new_vectors: n / rows, cache_vectors: (cache.shape[0] / rows) * row }
  r.launch({ kernel: { file: 'cache_write', parts: ['common/index'] }, tensors: [at, x, cache], params, workgroups: threads(n) })
}
