/** x [M, heads · D] turned by position · θ^(−2j/D) / factor_j, pairs (j, j + D/2), in float64. */
export function ropeReference(
  x: Float64Array,
  positions: ArrayLike<number>,
  headDim: number,
  heads: number,
  theta: number,
  factors?: readonly number[],
): Float64Array {
  const y = x.slice()
  const half = headDim / 2
  for (let m = 0; m < positions.length; m++)
    for (let h = 0; h < heads; h++)
      for (let j = 0; j < half; j++) {
        const at = (m * heads + h) * headDim + j
        const angle = positions[m] / theta ** ((2 * j) / headDim) / (factors?.[j] ?? 1)
        y[at] = x[at] * Math.cos(angle) - x[at + half] * Math.sin(angle)
        y[at + half] = x[at + half] * Math.cos(angle) + x[at] * Math.sin(angle)
      }
  return y
}
