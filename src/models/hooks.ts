// What a forward pass is given, and where a method may act on it. Absent = untouched. All are functions of tensors, so the tape gives their gradients.
import type { ModelConfig } from '../formats/model-file'
import type { LossInputs } from '../ops/cross-entropy'
import type { Weight } from '../ops/weight'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import type { Recompute } from './recompute'

interface Site {
  /** Module name as PEFT has it: `model.layers.0.self_attn.q_proj`. */
  name: string
  /** [out, in] */
  shape: readonly [number, number]
  weight: Weight
  bias?: Tensor
  /** Of the head, which is run in pieces: which one this is. */
  tile?: number
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

/** Self-attention of a layer as a method sees it. Its tensors must not be changed in place: the backward pass reads them. */
export interface Attended {
  /** Rotated queries [B · T, H · D]. */
  q: Tensor
  /** The result [B · T, H · D]. */
  y: Tensor
  scale?: number
  softCap?: number
  /** The layer's keys and values [M, K · D] of other inputs x [M, C], unrotated. */
  keysOf(x: Tensor): Prefix
}

export interface Hooks {
  /** Tokens put before each row; batches leave room for them and mark them with ids from the vocabulary's size on. */
  virtualTokens?: number
  /** x [B · T, C] after the token embedding. */
  embeds?(r: Recorder, x: Tensor, ids: Tensor, shape: BatchShape): Tensor
  /** Before a linear layer: x [M, in] that is about to go in. Must not change x in place. */
  linearInput?(r: Recorder, site: Site, x: Tensor): Tensor
  /** After a linear layer: x [M, in] went in, y [M, out] came out, its bias added. May write over y. */
  linear?(r: Recorder, site: Site, x: Tensor, y: Tensor): Tensor
  /** After self-attention of a layer and before its output projection; gives what takes the place of its result. */
  attention?(context: ForwardContext, layer: number, attended: Attended): Tensor
  /** A sub-layer's output h [B · T, C] (`model.layers.N.self_attn`, `model.layers.N.mlp`) before it joins the residual x [B · T, C]. */
  sublayer?(r: Recorder, site: string, h: Tensor, x: Tensor): Tensor
  /** Keys and values of every layer that its tokens see in front of their own; they get no rotary embedding. Called once a forward pass, before the layers. */
  prefix?(r: Recorder): readonly Prefix[]
  /** P of `prefix`: positions of real tokens start behind it. */
  prefixTokens?: number
  /** Told what the loss is made from, after the forward pass of a training micro-batch: a method may add its own loss in the backward pass. */
  extraLoss?(r: Recorder, inputs: LossInputs): void
  /** Columns of the logits, where tokens were added to the vocabulary. */
  vocab?: number
  /** Logits [R, stride] of final hidden states x [R, C], which it may write over. Comes after `linear`, which sees the head as the site `lm_head`. */
  logits?(r: Recorder, x: Tensor, logits: Tensor): Tensor
  /** A base tensor that is trained, by its Hugging Face name, instead of the frozen one; `head` = asked for by the head, whose matrix may be the embedding. */
  parameter?(name: string, head?: boolean): Tensor | undefined
}

/** Keys and values of a layer, as attention sees them. */
export interface LayerKeys {
  k: Tensor
  v: Tensor
  /** Keys a batch row. */
  keys: number
  /** How many of them, at the front, are a method's prefix. */
  prefix?: number
  /** A cache's, packed two halves a word. */
  halves?: boolean
}

export interface ForwardContext {
  r: Recorder
  config: ModelConfig
  hooks: Hooks
  /** u32 [B · T] */
  ids: Tensor
  positions: Tensor
  /** u32 [B · T, 2]: first key and end of the keys each query sees. */
  ranges: Tensor
  /** As `Family.ropeTables` lists them, each [positions, 2, D/2]. */
  ropeTables: readonly Tensor[]
  batch: number
  length: number
  /** Layers that the backward pass computes again; absent = none. */
  recompute?: Recompute
  matrix(name: string): Weight
  /** undefined where the model has no such tensor. */
  vector(name: string): Tensor | undefined
  /** What `hooks.prefix` gave, by layer; absent while decoding, where the cache begins with it. */
  prefix?: readonly Prefix[]
  /** While decoding: appends to the layer's cache and gives the whole of it. */
  cache?(layer: number, k: Tensor, v: Tensor): LayerKeys
}
