/** Rows `ids` of table [V, C] times scale; zeros for ids beyond it. */
export function embeddingReference(ids: ArrayLike<number>, table: ArrayLike<number>, width: number, scale = 1): Float64Array {
  const x = new Float64Array(ids.length * width)
  for (let m = 0; m < ids.length; m++) for (let c = 0; c < width; c++) x[m * width + c] = (table[ids[m] * width + c] ?? 0) * scale
  return x
}

/** x [M, C] with row p of prompt [P, C] wherever the id is first + p. */
export function virtualTokensReference(
  x: Float64Array,
  ids: ArrayLike<number>,
  prompt: Float64Array,
  width: number,
  first: number,
): Float64Array {
  const y = x.slice()
  for (let m = 0; m < ids.length; m++) {
    const p = ids[m] - first
    if (p >= 0 && p < prompt.length / width) y.set(prompt.subarray(p * width, (p + 1) * width), m * width)
  }
  return y
}
