/** Softmax over the `topK` largest of each row of z [M, E], 0 elsewhere. */
export function gatesReference(z: Float64Array, experts: number, topK: number): Float64Array {
  const out = new Float64Array(z.length)
  for (let start = 0; start < z.length; start += experts) {
    const order = Array.from({ length: experts }, (_, e) => e).sort((a, b) => z[start + b] - z[start + a] || a - b)
    const chosen = order.slice(0, topK)
    const total = chosen.reduce((sum, e) => sum + Math.exp(z[start + e]), 0)
    for (const e of chosen) out[start + e] = Math.exp(z[start + e]) / total
  }
  return out
}

/** E · Σ_e f_e · P_e over the rows that `counts` says count (Fedus 2021, eq. 4 to 6). */
export function balanceReference(z: Float64Array, experts: number, topK: number, counts: (row: number) => boolean): number {
  const gates = gatesReference(z, experts, topK)
  const rows = Array.from({ length: z.length / experts }, (_, m) => m).filter(counts)
  let sum = 0
  for (let e = 0; e < experts; e++) {
    const chosen = rows.filter((m) => gates[m * experts + e] > 0).length
    const probability = rows.reduce(
      (p, m) => p + Math.exp(z[m * experts + e]) / z.subarray(m * experts, (m + 1) * experts).reduce((t, v) => t + Math.exp(v), 0),
      0,
    )
    sum += (chosen / (rows.length * topK)) * (probability / rows.length)
  }
  return experts * sum
}
