interface RopeShape {
  headDim: number
  heads: number
  theta: number
  factors?: readonly number[]
  /** How many numbers of a head are rotated, the first ones. */
  dim?: number
  /** Pairs are (2j, 2j + 1) instead of (j, j + dim/2). */
  neighbours?: boolean
  scale?: number
}

/** x [M, heads · D] turned by position · θ^(−2j/dim) / factor_j, in float64. */
export function ropeReference(
  x: Float64Array,
  positions: ArrayLike<number>,
  { headDim, heads, theta, factors, dim = headDim, neighbours = false, scale = 1 }: RopeShape,
): Float64Array {
  const y = x.slice()
  const half = dim / 2
  for (let m = 0; m < positions.length; m++)
    for (let h = 0; h < heads; h++)
      for (let j = 0; j < half; j++) {
        const head = (m * heads + h) * headDim
        const [a, b] = neighbours ? [head + 2 * j, head + 2 * j + 1] : [head + j, head + j + half]
        const angle = positions[m] / theta ** ((2 * j) / dim) / (factors?.[j] ?? 1)
        y[a] = scale * (x[a] * Math.cos(angle) - x[b] * Math.sin(angle))
        y[b] = scale * (x[b] * Math.cos(angle) + x[a] * Math.sin(angle))
      }
  return y
}
