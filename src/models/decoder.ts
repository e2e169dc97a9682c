// What decoders of every kind are made of: linear layers with hooks, attention with a cache or a prefix, residuals, and blocks that may
// be computed again. decoder-family.ts puts them together; a family that differs has its own forward pass.
import type { LayerAttention } from '../formats/families/family-files'
import { add } from '../ops/add'
import { attention } from '../ops/attention'
import { addBias } from '../ops/bias'
import { embedding } from '../ops/embedding'
import { matmul } from '../ops/matmul'
import { prependRows } from '../ops/rows'
import type { Tensor } from '../tensor/tensor'
import type { Attended, ForwardContext, LayerKeys, Prefix } from './hooks'
import { groupLayers } from './recompute'

/** Applies the linear layer `site` with its bias and the method's hook to x [M, in]. */
export function linear(context: ForwardContext, x: Tensor, site: string): Tensor {
  const { r, hooks } = context
  const weight = context.matrix(`${site}.weight`)
  const bias = context.vector(`${site}.bias`)
  const place = { name: site, shape: weight.shape, weight, bias }
  const input = hooks.linearInput?.(r, place, x) ?? x
  const product = matmul(r, input, weight, { label: site })
  const y = bias ? addBias(r, product, bias) : product
  return hooks.linear?.(r, place, input, y) ?? y
}

/** Puts a layer's new keys and values into the cache, or after the method's prefix. */
function layerKeys(context: ForwardContext, layer: number, k: Tensor, v: Tensor): LayerKeys {
  const { r, batch, length } = context
  if (context.cache) return context.cache(layer, k, v)
  const prefix = context.prefix?.[layer]
  if (!prefix) return { k, v, keys: length }
  const tokens = prefix.k.shape[0]
  return { k: prependRows(r, prefix.k, k, batch), v: prependRows(r, prefix.v, v, batch), keys: tokens + length, prefix: tokens }
}

/**
 * Attention of a layer with rotated q [B · T, H · D] and new k, v [B · T, K · D], and the method's hook on its result [B · T, H · D].
 * `keysOf` computes unrotated keys and values from other inputs.
 */
export function attend(
  context: ForwardContext,
  layer: number,
  q: Tensor,
  { k, v }: Prefix,
  keysOf: Attended['keysOf'],
  { scale, window, softCap, whole }: LayerAttention = {},
): Tensor {
  const { r, config: c, batch, length, hooks } = context
  const seen = layerKeys(context, layer, k, v)
  const y = attention(r, q, seen.k, seen.v, context.ranges, {
    batch,
    length,
    keys: seen.keys,
    // Keys of a prefix are those that the first query sees too.
    prefix: whole ? seen.keys : seen.prefix,
    halves: seen.halves,
    heads: c.heads,
    kvHeads: c.kvHeads,
    headDim: c.headDim,
    scale,
    window,
    softCap,
  })
  return hooks.attention?.(context, layer, { q, k, y, scale, softCap, keysOf }) ?? y
}

/** A sub-layer's output h after the method's hook. x is the residual that h will be added to. */
export function altered(context: ForwardContext, x: Tensor, h: Tensor, sublayer: string): Tensor {
  return context.hooks.sublayer?.(context.r, sublayer, h, x) ?? h
}

/** Adds a sub-layer's output h, which the method may change first, to the residual x. Writes over h. */
export function join(context: ForwardContext, x: Tensor, h: Tensor, sublayer: string): Tensor {
  return add(context.r, x, altered(context, x, h, sublayer))
}

/** A block of a decoder: x [M, C] → [M, C]. */
export type Block = (context: ForwardContext, x: Tensor, layer: number) => Tensor

/** Token embedding with the method's hook. */
export function embedTokens(context: ForwardContext, { name, scale }: { name: string; scale: number }): Tensor {
  const { r, hooks, ids, batch, length } = context
  const x = embedding(r, ids, context.matrix(name), scale)
  return hooks.embeds?.(r, x, ids, { batch, length }) ?? x
}

/** All blocks in order. The blocks that the plan names are dropped and computed again. */
export function blocks(context: ForwardContext, x: Tensor, block: Block): Tensor {
  const { r, recompute, config } = context
  const one = (input: Tensor, layer: number) => {
    const run = () => block(context, input, layer)
    return recompute && layer < recompute.layers ? r.checkpoint([input], run) : run()
  }
  const several = (input: Tensor, from: number, end: number) => {
    let y = input
    for (let layer = from; layer < end; layer++) y = one(y, layer)
    return y
  }
  const size = groupLayers(config.layers)
  const grouped = (recompute?.groups ?? 0) * size
  let y = x
  for (let from = 0; from < grouped; from += size) {
    const input = y
    y = r.checkpoint([input], () => several(input, from, from + size))
  }
  return several(y, grouped, config.layers)
}
