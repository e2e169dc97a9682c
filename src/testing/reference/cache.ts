/** cache [longest, C] with x [T, C] from row `at` on. */
export function cacheWriteReference(cache: Float64Array, x: Float64Array, at: number, width: number): Float64Array {
  const next = cache.slice()
  next.set(x, at * width)
  return next
}
