// AdamW with decoupled weight decay as torch.optim.AdamW computes it, after clipping as torch.nn.utils.clip_grad_norm_ does, in float64.

export interface AdamWSettings {
  learningRate: number
  beta1: number
  beta2: number
  epsilon: number
  weightDecay: number
  /** Largest global norm; 0 = off. */
  clip: number
}

export interface AdamWTensor {
  values: Float64Array
  mean: Float64Array
  square: Float64Array
  /** Factor of the learning rate. */
  rate: number
  decay: boolean
}

export function globalNorm(gradients: readonly Float64Array[]): number {
  return Math.sqrt(gradients.reduce((sum, g) => g.reduce((s, x) => s + x * x, sum), 0))
}

/** Steps all tensors in place; `step` counts from 1. */
export function adamWReference(tensors: readonly AdamWTensor[], gradients: readonly Float64Array[], s: AdamWSettings, step: number): void {
  const factor = s.clip > 0 ? Math.min(1, s.clip / (globalNorm(gradients) + 1e-6)) : 1
  tensors.forEach((t, n) => {
    const eta = s.learningRate * t.rate
    t.values.forEach((w, i) => {
      const g = gradients[n][i] * factor
      t.mean[i] = s.beta1 * t.mean[i] + (1 - s.beta1) * g
      t.square[i] = s.beta2 * t.square[i] + (1 - s.beta2) * g * g
      const mean = t.mean[i] / (1 - s.beta1 ** step)
      const square = t.square[i] / (1 - s.beta2 ** step)
      t.values[i] = w - (t.decay ? eta * s.weightDecay * w : 0) - (eta * mean) / (Math.sqrt(square) + s.epsilon)
    })
  })
}
