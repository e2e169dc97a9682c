// What decoder-only families of the Llama kind share: linear layers with hooks, grouped attention with rotary positions, a gated
// feed-forward, and residuals. A family that differs has its own forward pass.
import type { LayerAttention } from '../formats/families/family-files'
import type { ModelConfig } from '../formats/model-file'
import { add } from '../ops/add'
import { attention } from '../ops/attention'
import { addBias } from '../ops/bias'
import { embedding } from '../ops/embedding'
import { matmul } from '../ops/matmul'
import { rmsNorm } from '../ops/rms-norm'
import { rope } from '../ops/rope'
import { prependRows } from '../ops/rows'
import { reshape } from '../ops/shape'
import { swiglu } from '../ops/swiglu'
import type { Tensor } from '../tensor/tensor'
import type { RopeNeed, TensorNeed } from './family'
import type { Attended, ForwardContext, LayerKeys, Prefix } from './hooks'
import { groupLayers } from './recompute'

const embeddingName = 'model.embed_tokens.weight'

export const decoderLinears = [
  'self_attn.q_proj',
  'self_attn.k_proj',
  'self_attn.v_proj',
  'self_attn.o_proj',
  'mlp.gate_proj',
  'mlp.up_proj',
  'mlp.down_proj',
] as const
export const decoderKeysAndValues = ['self_attn.k_proj', 'self_attn.v_proj'] as const
export const decoderFeedForward = ['mlp.gate_proj', 'mlp.up_proj', 'mlp.down_proj'] as const

/** [out, in] of every linear layer of a block. */
function linearShapes(c: ModelConfig): Record<(typeof decoderLinears)[number], readonly [number, number]> {
  const q = c.heads * c.headDim
  const kv = c.kvHeads * c.headDim
  return {
    'self_attn.q_proj': [q, c.hidden],
    'self_attn.k_proj': [kv, c.hidden],
    'self_attn.v_proj': [kv, c.hidden],
    'self_attn.o_proj': [c.hidden, q],
    'mlp.gate_proj': [c.intermediate, c.hidden],
    'mlp.up_proj': [c.intermediate, c.hidden],
    'mlp.down_proj': [c.hidden, c.intermediate],
  }
}

/** The `sites` that may have a bias. In a GGUF file the tensors decide. Else config.json does, and without its key there are no biases. */
export function biasedBy({ raw }: ModelConfig, sites: readonly string[]): string[] {
  return sites.filter((site) => !('model_type' in raw) || raw[site.startsWith('mlp.') ? 'mlp_bias' : 'attention_bias'] === true)
}

interface DecoderKind {
  /** Linear layers that may carry a bias. */
  biased?: readonly string[]
  /** Norms of a block, [C]. */
  norms?: readonly string[]
  /** Norms of each head's queries and keys, [D]. */
  headNorms?: boolean
}

/** Tensors of a Llama-kind decoder. */
export function decoderTensors(
  c: ModelConfig,
  { biased = [], norms = ['input_layernorm', 'post_attention_layernorm'], headNorms = false }: DecoderKind,
): TensorNeed[] {
  const shapes = Object.entries(linearShapes(c))
  const needs: TensorNeed[] = [{ name: embeddingName, kind: 'table', shape: [c.vocab, c.hidden] }]
  for (let layer = 0; layer < c.layers; layer++) {
    const at = `model.layers.${layer}.`
    for (const norm of norms) needs.push({ name: `${at}${norm}.weight`, kind: 'vector', shape: [c.hidden] })
    if (headNorms)
      for (const norm of ['q_norm', 'k_norm']) needs.push({ name: `${at}self_attn.${norm}.weight`, kind: 'vector', shape: [c.headDim] })
    for (const [name, shape] of shapes) {
      needs.push({ name: `${at}${name}.weight`, kind: 'linear', shape })
      if (biased.includes(name)) needs.push({ name: `${at}${name}.bias`, kind: 'vector', shape: [shape[0]], optional: true })
    }
  }
  needs.push({ name: 'model.norm.weight', kind: 'vector', shape: [c.hidden] })
  if (!c.tied) needs.push({ name: 'lm_head.weight', kind: 'table', shape: [c.vocab, c.hidden] })
  return needs
}

export function decoderHead(c: ModelConfig): string {
  return c.tied ? embeddingName : 'lm_head.weight'
}

export function decoderEmbedding(): { name: string; scale: number } {
  return { name: embeddingName, scale: 1 }
}

/** The single rotary table that most families have. */
export function decoderRopeTables(c: ModelConfig): RopeNeed[] {
  return [{ theta: c.ropeTheta, factors: c.ropeFactors }]
}

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

export function norm(context: ForwardContext, x: Tensor, name: string, offset = 0): Tensor {
  return rmsNorm(context.r, x, context.vector(`${name}.weight`)!, context.config.normEpsilon, offset)
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

/** How a layer's attention differs from Llama's. */
export interface AttentionKind extends LayerAttention {
  /** Index in `Family.ropeTables`. */
  ropeTable?: number
  /** Added to the weights of q_norm and k_norm. */
  normOffset?: number
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
  { scale, window, softCap }: AttentionKind = {},
): Tensor {
  const { r, config: c, batch, length, hooks } = context
  const seen = layerKeys(context, layer, k, v)
  const y = attention(r, q, seen.k, seen.v, context.ranges, {
    batch,
    length,
    keys: seen.keys,
    prefix: seen.prefix,
    halves: seen.halves,
    heads: c.heads,
    kvHeads: c.kvHeads,
    headDim: c.headDim,
    scale,
    window,
    softCap,
  })
  return hooks.attention?.(context, layer, { q, y, scale, softCap, keysOf }) ?? y
}

/** Queries or keys of a block on x [M, C], unrotated. If the family has norms for them, a norm takes as many columns as it has weights. */
function headsOf(context: ForwardContext, x: Tensor, at: string, which: 'q' | 'k', { normOffset = 0 }: AttentionKind): Tensor {
  const { r, config: c } = context
  const flat = linear(context, x, `${at}.${which}_proj`)
  const w = context.vector(`${at}.${which}_norm.weight`)
  if (!w) return flat
  const [width] = w.shape
  const parts = reshape(r, flat, [(flat.shape[0] * flat.shape[1]) / width, width])
  return reshape(r, rmsNorm(r, parts, w, c.normEpsilon, normOffset), flat.shape)
}

/** Self-attention of a block on normed x [M, C]. */
export function selfAttention(context: ForwardContext, x: Tensor, layer: number, kind: AttentionKind = {}): Tensor {
  const at = `model.layers.${layer}.self_attn`
  const rotated = (heads: Tensor) =>
    rope(context.r, heads, context.positions, context.ropeTables[kind.ropeTable ?? 0], context.config.headDim)
  const keysOf = (from: Tensor): Prefix => ({ k: headsOf(context, from, at, 'k', kind), v: linear(context, from, `${at}.v_proj`) })
  const q = rotated(headsOf(context, x, at, 'q', kind))
  const { k, v } = keysOf(x)
  return linear(context, attend(context, layer, q, { k: rotated(k), v }, keysOf, kind), `${at}.o_proj`)
}

/** Gated feed-forward of a block on normed x [M, C]. */
export function feedForward(context: ForwardContext, x: Tensor, layer: number, gated = swiglu): Tensor {
  const at = `model.layers.${layer}.mlp`
  const inner = gated(context.r, linear(context, x, `${at}.gate_proj`), linear(context, x, `${at}.up_proj`))
  return linear(context, inner, `${at}.down_proj`)
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

/** Llama's block with attention of the given kind. */
export function decoderBlock(kind: (config: ModelConfig, layer: number) => AttentionKind = () => ({})): Block {
  return (context, x, layer) => {
    const at = `model.layers.${layer}`
    const h = selfAttention(context, norm(context, x, `${at}.input_layernorm`), layer, kind(context.config, layer))
    const attended = join(context, x, h, `${at}.self_attn`)
    return join(context, attended, feedForward(context, norm(context, attended, `${at}.post_attention_layernorm`), layer), `${at}.mlp`)
  }
}

/** Token embedding with the method's hook. */
export function embedTokens(context: ForwardContext, { name, scale } = decoderEmbedding()): Tensor {
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

/** Forward pass of Llama and similar families: hidden states after the final norm, [B · T, C]. */
export function decoderForward(context: ForwardContext, block = decoderBlock()): Tensor {
  return norm(context, blocks(context, embedTokens(context), block), 'model.norm')
}
