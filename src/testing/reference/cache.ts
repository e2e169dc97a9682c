/** cache [B, longest, C] with x [B, T, C] from row at[b] on. */
export function cacheWriteReference(cache: ArrayLike<number>, x: ArrayLike<number>, at: readonly number[], width: number): Float64Array {
  const next = Float64Array.from(cache)
  const [block, own] = [x.length / at.length, next.length / at.length]
  at.forEach((row, b) => {
    for (let i = 0; i < block; i++) next[b * own + row * width + i] = x[b * block + i]
  })
  return next
}
