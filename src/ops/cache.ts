// Keys and values of a decoding step join their cache.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowVectors, threads, vectors } from './grid'

/** cache[at + t] = x[t] for x [T, C], cache [longest, C], at u32 [1]. Not differentiable. */
export function cacheWrite(r: Recorder, at: Tensor, x: Tensor, cache: Tensor): void {
  const n = vectors(x)
  r.launch({ file: 'cache_write', parts: ['common/index'] }, [at, x, cache], [n, rowVectors(x)], threads(n))
}
