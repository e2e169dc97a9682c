import { matmulReference } from './matmul'

/** scale · Σ over positions with a target ≥ 0 of −log softmax(head · hidden)[target], with logits cap · tanh(logits / cap) if cap > 0; hidden [M, C], head [V, C], in float64. */
export function headLossReference(
  hidden: Float64Array,
  head: Float64Array,
  width: number,
  targets: ArrayLike<number>,
  scale: number,
  cap = 0,
): number {
  let loss = 0
  for (let m = 0; m < targets.length; m++) {
    if (targets[m] < 0) continue
    const raw = matmulReference(hidden.subarray(m * width, (m + 1) * width), head, width)
    const logits = cap ? raw.map((z) => cap * Math.tanh(z / cap)) : raw
    const highest = logits.reduce((a, b) => Math.max(a, b))
    const total = logits.reduce((sum, z) => sum + Math.exp(z - highest), 0)
    loss += Math.log(total) + highest - logits[targets[m]]
  }
  return loss * scale
}
