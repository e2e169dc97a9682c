/** x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) in float64. */
export function geluReference(x: Float64Array): Float64Array {
  return x.map((v) => (v / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))))
}
