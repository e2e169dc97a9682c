const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** One direction of an LSTM over gates [P, 4H] from the input, W [4H, H], into its columns of y [P, 2H], in float64. */
function direction(gates: Float64Array, weight: Float64Array, hidden: number, reverse: boolean, y: Float64Array): void {
  const steps = gates.length / (4 * hidden)
  let h = new Float64Array(hidden)
  const cell = new Float64Array(hidden)
  for (let i = 0; i < steps; i++) {
    const t = reverse ? steps - 1 - i : i
    const z = Float64Array.from({ length: 4 * hidden }, (_, n) =>
      h.reduce((sum, value, k) => sum + value * weight[n * hidden + k], gates[t * 4 * hidden + n]),
    )
    h = h.map((_, u) => {
      cell[u] = sigmoid(z[hidden + u]) * cell[u] + sigmoid(z[u]) * Math.tanh(z[2 * hidden + u])
      return sigmoid(z[3 * hidden + u]) * Math.tanh(cell[u])
    })
    y.set(h, t * 2 * hidden + (reverse ? hidden : 0))
  }
}

/** Both directions side by side [P, 2H]. */
export function lstmReference(
  forward: Float64Array,
  forwardWeight: Float64Array,
  backward: Float64Array,
  backwardWeight: Float64Array,
  hidden: number,
): Float64Array {
  const y = new Float64Array(forward.length / 2)
  direction(forward, forwardWeight, hidden, false, y)
  direction(backward, backwardWeight, hidden, true, y)
  return y
}
