// Encoder blocks with norms in front of attention and of a feed-forward without a gate, as in ViT and in both towers of CLIP.
import { exactGelu, quickGelu } from '../ops/activate'
import { gelu } from '../ops/gelu'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { attend, join, linear } from './decoder'
import type { ForwardContext } from './hooks'
import { layered } from './norms'

/** Module names in a block. */
export interface EncoderNames {
  norm1: string
  query: string
  key: string
  value: string
  out: string
  norm2: string
  up: string
  down: string
  /** Names of the two sub-layers for a method. */
  attention: string
  feedForward: string
}

const norm = layered()

function activated(r: Recorder, x: Tensor, activation: string): Tensor {
  if (activation === 'quick_gelu') return quickGelu(r, x)
  return activation === 'gelu' ? exactGelu(r, x) : gelu(r, x)
}

/** The block whose modules' names begin with `at`: x [M, C] → [M, C]. `whole`: every position sees all others, as the ranges must say too. */
export function encoderBlock(context: ForwardContext, x: Tensor, layer: number, at: string, names: EncoderNames, whole: boolean): Tensor {
  const { r, config } = context
  const keysOf = (from: Tensor) => ({ k: linear(context, from, at + names.key), v: linear(context, from, at + names.value) })
  const normed = norm.apply(context, x, at + names.norm1)
  const heads = attend(context, layer, linear(context, normed, at + names.query), keysOf(normed), keysOf, { whole })
  const attended = join(context, x, linear(context, heads, at + names.out), at + names.attention)
  const inner = linear(context, norm.apply(context, attended, at + names.norm2), at + names.up)
  return join(context, attended, linear(context, activated(r, inner, config.hiddenAct), at + names.down), at + names.feedForward)
}
