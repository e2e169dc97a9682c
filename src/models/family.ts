// What a model family's file gives, and what it is given to work with.
import type { FamilyFiles } from '../formats/families/family-files'
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
  /** Everything about its files, its name included. */
  files: FamilyFiles
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
  /** Module names of the linear layers in one block, without `model.layers.N.`; attention's stand in front. */
  linears: readonly string[]
  /** Those of them that are feed-forward. */
  feedForward: readonly string[]
  /** Those of them that make keys and values. */
  keysAndValues: readonly string[]
  /** PEFT's adaption prompts join behind the output projection of attention instead of in front of it. */
  promptsBehindOutput?: boolean
}
