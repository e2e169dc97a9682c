// What the file of a model family provides.
import type { FamilyFiles } from '../formats/families/family-files'
import type { ModelConfig } from '../formats/model-file'
import type { Tensor } from '../tensor/tensor'
import type { ForwardContext } from './hooks'

/** A tensor that a family uses, by its Hugging Face name. */
export interface TensorNeed {
  name: string
  /** linear: has the base precision; table: embedding and head; vector: norms, biases and learned positions of pictures, in f32. */
  kind: 'linear' | 'table' | 'vector'
  /** [N, K], [n], or [] for a single number; a projection of patches and what it is added to have more dimensions. Another shape in the file is refused. */
  shape: readonly number[]
  optional?: boolean
  /** For the matrix of one expert: the name of the matrices of all experts together, as they are on the GPU, and the expert's number. */
  expert?: { stack: string; index: number }
  /** Whether it is a number of the formula that the file holds beside its weights (transformers' buffers), which no method trains. */
  constant?: true
  /** Whether it is a router's matrix, which methods change only if they are told its name. */
  router?: boolean
}

/**
 * A rotary table: the base of the frequencies, factors that divide each of them, and what cosines and sines are multiplied by. With
 * `growth`, those of position t are also multiplied by 1 + beta · ln(1 + ⌊t / every⌋).
 */
export interface RopeNeed {
  theta: number
  factors?: readonly number[]
  scale?: number
  growth?: { beta: number; every: number }
}

/** Scores are e^s times the products of features, which are as long as 1. */
interface Features {
  /** [B, P] of pictures. */
  picture(context: ForwardContext): Tensor
  /** [classes, P] of texts. */
  text(context: ForwardContext): Tensor
  /** Name of the tensor s, [1]. */
  scale: string
}

export interface Family {
  /** All facts about its files, and its name. */
  files: FamilyFiles
  tensors(config: ModelConfig): TensorNeed[]
  /** Hidden states after the final norm, [B · T, C]. */
  forward(context: ForwardContext): Tensor
  /**
   * Of a family that compares pictures with texts: how well each class fits each picture, [B, ⌈classes / 4⌉ · 4], of which softmax makes
   * probabilities. Its `forward` gives pictures before their projection, [B, C].
   */
  scores?(context: ForwardContext): Tensor
  /** The parts of such scores. */
  features?: Features
  /** Name of the head's matrix, which is the embedding if the model is tied. */
  head(config: ModelConfig): string
  /** Name of the token embedding's matrix, and the factor that the embedding layer itself applies. */
  embedding(config: ModelConfig): { name: string; scale: number }
  /** Rotary tables for the number of positions of a run, which layers find by their index here; none if positions are learned. */
  ropeTables(config: ModelConfig, positions: number): readonly RopeNeed[]
  /** Name of the head's bias [V], if the family has one. */
  headBias?: string
  /** The head's logits z become cap · tanh(z / cap). Absent or 0 = no cap. */
  logitCap?(config: ModelConfig): number
  /** Module names of the linear layers in one block, without `model.layers.N.`, those of attention first. */
  linears: readonly string[]
  /** The names of the feed-forward layers among them. */
  feedForward: readonly string[]
  /** The names of the layers among them that make keys and values. */
  keysAndValues: readonly string[]
  /** Its two sub-layers in a block, by the names that `join` gets; absent = the modules that hold these layers. */
  sublayers?: { attention: string; feedForward: string }
  /** Whether PEFT adds adaption prompts after the output projection of attention, instead of before it. */
  promptsBehindOutput?: boolean
}
