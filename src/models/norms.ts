// The norms of decoders: their tensors, and how they are applied.
import { layerNorm, plainLayerNorm } from '../ops/layer-norm'
import { rmsNorm } from '../ops/rms-norm'
import { scaleColumns } from '../ops/scale-columns'
import type { Tensor } from '../tensor/tensor'
import type { TensorNeed } from './family'
import type { ForwardContext } from './hooks'

export interface Norm {
  /** The tensors of the norm `name` over `width` numbers. */
  needs(name: string, width: number): TensorNeed[]
  /** x [M, C] normed. */
  apply(context: ForwardContext, x: Tensor, name: string): Tensor
}

const vector = (name: string, width: number): TensorNeed => ({ name, kind: 'vector', shape: [width] })

/** Root mean square norm with weights; `offset` is added to them. */
export const rms = (offset = 0): Norm => ({
  needs: (name, width) => [vector(`${name}.weight`, width)],
  apply: ({ r, config, vector: get }, x, name) => rmsNorm(r, x, get(`${name}.weight`)!, config.normEpsilon, offset),
})

/** Layer norm with weights and biases; `offset` is added to the weights. */
export const layered = (offset = 0): Norm => ({
  needs: (name, width) => [vector(`${name}.weight`, width), vector(`${name}.bias`, width)],
  apply: ({ r, config, vector: get }, x, name) => layerNorm(r, x, get(`${name}.weight`)!, get(`${name}.bias`)!, config.normEpsilon, offset),
})

/** Layer norm with weights and without biases. */
export const unbiased: Norm = {
  needs: (name, width) => [vector(`${name}.weight`, width)],
  apply: ({ r, config, vector: get }, x, name) => scaleColumns(r, plainLayerNorm(r, x, config.normEpsilon), get(`${name}.weight`)!),
}

/** Layer norm without weights and biases. */
export const weightless: Norm = {
  needs: () => [],
  apply: ({ r, config }, x) => plainLayerNorm(r, x, config.normEpsilon),
}
