// Where a method may act on a model. Absent = untouched. All are functions of tensors, so the tape gives their gradients.
import type { Weight } from '../ops/weight'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'

export interface Site {
  /** Module name as PEFT has it: `model.layers.0.self_attn.q_proj`. */
  name: string
  /** [out, in] */
  shape: readonly [number, number]
  weight: Weight
}

export interface BatchShape {
  batch: number
  length: number
}

export interface Hooks {
  /** Tokens put before each row; batches leave room for them and mark them with ids from the vocabulary's size on. */
  virtualTokens?: number
  /** x [B · T, C] after the token embedding. */
  embeds?(r: Recorder, x: Tensor, ids: Tensor, shape: BatchShape): Tensor
  /** After a linear layer: x [M, in] went in, y [M, out] came out. May write over y. */
  linear?(r: Recorder, site: Site, x: Tensor, y: Tensor): Tensor
  /** A base tensor that is trained, by its Hugging Face name, instead of the frozen one. */
  parameter?(name: string): Tensor | undefined
}
