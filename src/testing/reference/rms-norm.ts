/** x [M, C] normed over rows, times (w [C] + offset), in float64. */
export function rmsNormReference(x: Float64Array, w: Float64Array, epsilon: number, offset = 0): Float64Array {
  const c = w.length
  const y = new Float64Array(x.length)
  for (let start = 0; start < x.length; start += c) {
    let squares = 0
    for (let i = 0; i < c; i++) squares += x[start + i] ** 2
    for (let i = 0; i < c; i++) y[start + i] = (x[start + i] / Math.sqrt(squares / c + epsilon)) * (w[i] + offset)
  }
  return y
}
