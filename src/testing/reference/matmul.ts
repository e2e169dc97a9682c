/** scale · x [M, K] wᵀ for w [N, K], plus `into` [M, N], in float64. */
export function matmulReference(x: Float64Array, w: ArrayLike<number>, k: number, scale = 1, into?: Float64Array): Float64Array {
  const [m, n] = [x.length / k, w.length / k]
  const y = new Float64Array(m * n)
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let l = 0; l < k; l++) sum += x[i * k + l] * w[j * k + l]
      y[i * n + j] = sum * scale + (into?.[i * n + j] ?? 0)
    }
  return y
}
