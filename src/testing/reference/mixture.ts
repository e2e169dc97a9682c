// Mixtures of experts in float64.

/** The `topK` experts of each row of z [M, E], the largest first; of equal ones, the first. */
export function chosenReference(z: Float64Array, experts: number, topK: number): number[][] {
  return Array.from({ length: z.length / experts }, (_, m) =>
    Array.from({ length: experts }, (_, e) => e)
      .sort((a, b) => z[m * experts + b]! - z[m * experts + a]! || a - b)
      .slice(0, topK),
  )
}

/** Gates of the chosen experts, in their order. */
export function mixtureGatesReference(
  z: Float64Array,
  experts: number,
  { topK, normalised, scale = 1 }: { topK: number; normalised: boolean; scale?: number },
): number[][] {
  return chosenReference(z, experts, topK).map((chosen, m) => {
    const row = Array.from(z.subarray(m * experts, (m + 1) * experts), Math.exp)
    const total = (normalised ? chosen.map((e) => row[e]!) : row).reduce((a, b) => a + b, 0)
    return chosen.map((e) => (scale * row[e]!) / total)
  })
}

/** Σ_j gates[m][j] · W[e] x[m] with e the j-th expert of m: [M, N]. `w`: [E, N, K] */
export function mixtureReference(
  x: Float64Array,
  w: Float64Array,
  [n, k]: readonly [number, number],
  chosen: readonly (readonly number[])[],
  gates: readonly (readonly number[])[],
): Float64Array {
  const out = new Float64Array(chosen.length * n)
  chosen.forEach((experts, m) =>
    experts.forEach((e, j) => {
      for (let row = 0; row < n; row++) {
        let sum = 0
        for (let col = 0; col < k; col++) sum += w[(e * n + row) * k + col]! * x[m * k + col]!
        out[m * n + row]! += gates[m]![j]! * sum
      }
    }),
  )
  return out
}
