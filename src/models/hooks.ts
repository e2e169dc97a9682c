// What a forward pass gets, and where a method can change it. An absent hook changes nothing. All hooks are functions of tensors, so the
// tape gives their gradients.
import type { ModelConfig } from '../formats/model-file'
import type { LossInputs } from '../ops/cross-entropy'
import type { ExpertWeight } from '../ops/expert-weight'
import type { Routing } from '../ops/mixture'
import type { Weight } from '../ops/weight'
import type { Recorder } from '../tensor/recorder'
import type { Slot, Tensor } from '../tensor/tensor'
import type { Recompute } from './recompute'

interface Site {
  /** Module name as in PEFT: `model.layers.0.self_attn.q_proj`. */
  name: string
  /** [out, in] */
  shape: readonly [number, number]
  weight: Weight
  bias?: Tensor
  /** The number of the piece, for the head, which is computed in pieces. */
  tile?: number
}

/** The same linear layer of all experts of a block. */
export interface ExpertSite {
  /** Module names by expert: `model.layers.0.mlp.experts.3.gate_proj`. */
  names: readonly string[]
  weight: ExpertWeight
}

export interface BatchShape {
  batch: number
  length: number
}

/** Keys and values [P, K · D] in front of a layer's own. */
export interface Prefix {
  k: Tensor
  v: Tensor
}

/** Self-attention of a layer. A method must not change these tensors in place, since the backward pass reads them. */
export interface Attended {
  /** Rotated queries [B · T, H · D]. */
  q: Tensor
  /** Rotated keys of the row's own tokens [B · T, K · D]. */
  k: Tensor
  /** The result [B · T, H · D]. */
  y: Tensor
  scale?: number
  softCap?: number
  /** Computes the layer's unrotated keys and values [M, K · D] from other inputs x [M, C]. */
  keysOf(x: Tensor): Prefix
}

/** Texts that a model compares pictures with. */
export interface Texts {
  /** Token ids of each, with the first and the last token: all classes in the first template, then in the next. */
  rows: readonly (readonly number[])[]
  templates: number
  /** Whether each picture of a batch has a copy of its own. */
  own?: boolean
  /** Tables [R, U] of positions among all texts, `length` for each: where the method puts R rows, each at U positions. `copies` of the texts follow one another. */
  places?(length: number, copies: number): readonly (readonly (readonly number[])[])[]
}

/** Such texts on the GPU. */
export interface TextTensors {
  /** u32 [count · length] */
  ids: Tensor
  /** u32 [count · length, 2]: each token sees those before it, and itself. */
  ranges: Tensor
  /** u32 [count]: the position of each text's features. */
  ends: Tensor
  /** u32 [count · length]: the number of the text that has its features there, or 0xffffffff. */
  place: Tensor
  /** u32 [R, U] each */
  places: readonly Tensor[]
  /** Number of texts. */
  count: number
  /** L */
  length: number
  templates: number
  own: boolean
  /** Features [classes, P] that were computed before; absent: the forward pass reads the texts. */
  features?: Tensor
}

export interface Hooks {
  /** Number of tokens in front of each row. Batches leave room for them and give them ids from the vocabulary's size on. */
  virtualTokens?: number
  /** x [B · T, C] after the token embedding. */
  embeds?(r: Recorder, x: Tensor, ids: Tensor, shape: BatchShape): Tensor
  /**
   * Of a model that sees pictures: rows [P, C] in front of [CLS], by layer. Those of the first layer pass through all layers; those of a later
   * one take the place of what the layer before made of them. Called once per forward pass, before the layers.
   */
  prompts?(r: Recorder): readonly Tensor[]
  /** Of a model that compares pictures with texts: texts in place of those that the classes' names make. `false`: the method compares with none. */
  texts?: Texts | false
  /**
   * The embedded tokens x [texts · L, C] of such texts, with what the method puts at `places` (tensors of `Texts.places`); may write over x.
   * `picture`: features of the pictures [B, P], absent if they are not known yet.
   */
  textRows?(r: Recorder, x: Tensor, places: readonly Tensor[], picture: Tensor | undefined): Tensor
  /** Before a linear layer with input x [M, in]. Must not change x in place. */
  linearInput?(r: Recorder, site: Site, x: Tensor): Tensor
  /** After a linear layer with input x [M, in] and output y [M, out], which includes the bias. May write over y. */
  linear?(r: Recorder, site: Site, x: Tensor, y: Tensor): Tensor
  /** After a linear layer of a block's experts, with input x [S, in] and output y [S, out] in the order of `routing`. May write over y. */
  experts?(r: Recorder, site: ExpertSite, routing: Routing, x: Tensor, y: Tensor): Tensor
  /** After self-attention of a layer and before its output projection. Returns the result to use instead. */
  attention?(context: ForwardContext, layer: number, attended: Attended): Tensor
  /** A sub-layer's output h [B · T, C] (`model.layers.N.self_attn`, `model.layers.N.mlp`) before it is added to x [B · T, C]. */
  sublayer?(r: Recorder, site: string, h: Tensor, x: Tensor): Tensor
  /** Keys and values in front of those of every layer, without rotary embedding. Called once per forward pass, before the layers. */
  prefix?(r: Recorder): readonly Prefix[]
  /** P of `prefix`. The positions of real tokens start after it. */
  prefixTokens?: number
  /** Gets the inputs of the loss after the forward pass of a training micro-batch. A method can add its own loss in the backward pass. */
  extraLoss?(r: Recorder, inputs: LossInputs): void
  /** Where a training micro-batch adds up how many tokens each expert of the method got: f32 [E]. Cleared before each step. */
  routed?: Slot
  /** Number of columns of the logits, if tokens were added to the vocabulary. */
  vocab?: number
  /** Logits [R, stride] of final hidden states x [R, C]; may write over them. Called before `linear`, for which the head is `lm_head`. */
  logits?(r: Recorder, x: Tensor, logits: Tensor): Tensor
  /** The trained tensor that replaces a frozen one, by its Hugging Face name. `head`: it is for the head, which may be tied. */
  parameter?(name: string, head?: boolean): Tensor | undefined
}

/** Keys and values of a layer, as attention reads them. */
export interface LayerKeys {
  k: Tensor
  v: Tensor
  /** Number of keys per batch row. */
  keys: number
  /** How many of the first keys are a method's prefix. */
  prefix?: number
  /** Whether they belong to a cache, which has two halves in each word. */
  halves?: boolean
}

export interface ForwardContext {
  r: Recorder
  config: ModelConfig
  hooks: Hooks
  /** u32 [B · T] */
  ids: Tensor
  positions: Tensor
  /** The patches [B · N, channels · patch²] of pictures, for a model that sees them. */
  patches?: Tensor
  /** The texts that pictures are compared with. */
  texts?: TextTensors
  /** u32 [B · T, 2]: the first key that each query sees, and the end of its keys. */
  ranges: Tensor
  /** In the order of `Family.ropeTables`, each [positions, 2, D/2]. */
  ropeTables: readonly Tensor[]
  batch: number
  length: number
  /** Layers that the backward pass computes again; absent = none. */
  recompute?: Recompute
  matrix(name: string): Weight
  /** The matrices `names` of all experts, which are together on the GPU as `stack`. */
  experts(stack: string, names: readonly string[]): ExpertWeight
  /** undefined if the model has no such tensor. */
  vector(name: string): Tensor | undefined
  /** The result of `hooks.prefix` by layer; absent while decoding, since the cache begins with it. */
  prefix?: readonly Prefix[]
  /** The result of `hooks.prompts` by layer. */
  prompts?: readonly Tensor[]
  /** While decoding: appends to the layer's cache and returns the whole cache. */
  cache?(layer: number, k: Tensor, v: Tensor): LayerKeys
}
