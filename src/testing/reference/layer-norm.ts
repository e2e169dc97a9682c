/** (x − mean) / √(variance + ε) over rows of x [M, C], times w [C], plus b [C], in float64. */
export function layerNormReference(x: Float64Array, w: Float64Array, b: Float64Array, epsilon: number): Float64Array {
  const c = w.length
  const y = new Float64Array(x.length)
  for (let start = 0; start < x.length; start += c) {
    const row = x.subarray(start, start + c)
    const mean = row.reduce((sum, v) => sum + v, 0) / c
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / c
    for (let i = 0; i < c; i++) y[start + i] = ((row[i] - mean) / Math.sqrt(variance + epsilon)) * w[i] + b[i]
  }
  return y
}
