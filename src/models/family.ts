// What a model family's file gives, and what it is given to work with.
import type { ModelConfig } from '../formats/model-file'
import type { Tensor } from '../tensor/tensor'
import type { ForwardContext } from './hooks'

/** A tensor that a family reads, by its Hugging Face name. */
export interface TensorNeed {
  name: string
  /** linear: packed and quantised as the person chose; table: embedding and head; vector: norms and biases, held in f32. */
  kind: 'linear' | 'table' | 'vector'
  /** [N, K] or [n]; a file that differs is refused. */
  shape: readonly number[]
  optional?: boolean
}

export interface Family {
  /** `model_type` in config.json and `general.architecture` in GGUF. */
  name: string
  label: string
  tensors(config: ModelConfig): TensorNeed[]
  /** Hidden states after the final norm, [B · T, C]. */
  forward(context: ForwardContext): Tensor
  /** Name of the head's matrix: the embedding where tied. */
  head(config: ModelConfig): string
  /** Module names of the linear layers in one block, without `model.layers.N.`. */
  linears: readonly string[]
  /** Those of them that are feed-forward. */
  feedForward: readonly string[]
}
