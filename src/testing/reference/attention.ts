import type { AttentionShape } from '../../ops/attention'

/**
 * softmax(cap(scale · q kᵀ)) v in float64, over keys ranges[m].x … ranges[m].y − 1 of the query's batch row, or only the last `window` of
 * them. Head h uses key head ⌊h / (H / K)⌋.
 */
export function attentionReference(
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  ranges: ArrayLike<number>,
  shape: AttentionShape,
): Float64Array {
  const { batch, length, keys, heads, kvHeads, headDim, window = Infinity, softCap } = shape
  const scale = shape.scale ?? 1 / Math.sqrt(headDim)
  const y = new Float64Array(q.length)
  for (let m = 0; m < batch * length; m++)
    for (let h = 0; h < heads; h++) {
      const query = (m * heads + h) * headDim
      const keyAt = (j: number) => ((Math.floor(m / length) * keys + j) * kvHeads + Math.floor((h * kvHeads) / heads)) * headDim
      const scores: number[] = []
      const seen: number[] = []
      for (let j = ranges[2 * m]; j < ranges[2 * m + 1]; j++) {
        if (j < ranges[2 * m + 1] - window) continue
        let dot = 0
        for (let d = 0; d < headDim; d++) dot += q[query + d] * k[keyAt(j) + d]
        scores.push(softCap ? softCap * Math.tanh((dot * scale) / softCap) : dot * scale)
        seen.push(j)
      }
      const highest = Math.max(...scores)
      const powers = scores.map((s) => Math.exp(s - highest))
      const total = powers.reduce((a, b) => a + b, 0)
      powers.forEach((p, i) => {
        const value = keyAt(seen[i])
        for (let d = 0; d < headDim; d++) y[query + d] += (p / total) * v[value + d]
      })
    }
  return y
}
