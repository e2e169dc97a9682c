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

/** A rotary table: base of the frequencies, and factors by which each of the D/2 is divided. */
export interface RopeNeed {
  theta: number
  factors?: readonly number[]
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
  /** Name of the token embedding's matrix, and the factor that the embedding layer itself applies. */
  embedding(config: ModelConfig): { name: string; scale: number }
  /** Rotary tables that layers look up by their place here; none where positions are learned. */
  ropeTables(config: ModelConfig): readonly RopeNeed[]
  /** The head's logits z become cap · tanh(z / cap); absent or 0: they stay. */
  logitCap?(config: ModelConfig): number
  /** Settings in config.json that only this family has, for a model without a config.json (GGUF). */
  ownSettings?(config: ModelConfig): Readonly<Record<string, unknown>>
  /**
   * GGUF metadata numbers that only this family has, for a model from a folder.
   * @throws UnsupportedError where llama.cpp would compute something else
   */
  ggufSettings?(config: ModelConfig): Readonly<Record<string, number>>
  /** PEFT's fan_in_fan_out: the publisher stores linear layers as [in, out]. */
  fanInFanOut?: boolean
  /** Module names of the linear layers in one block, without `model.layers.N.`. */
  linears: readonly string[]
  /** Those of them that are feed-forward. */
  feedForward: readonly string[]
}
