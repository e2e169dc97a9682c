/** x [M, N] + b [N]. */
export function addBiasReference(x: Float64Array, b: Float64Array): Float64Array {
  return x.map((value, i) => value + b[i % b.length])
}
