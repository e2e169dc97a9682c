// What decoder-only families of the Llama kind share: linear layers with hooks, grouped attention with rotary
// positions, a gated feed-forward, residuals. A family that differs writes its own forward.
import type { ModelConfig } from '../formats/model-file'
import { add } from '../ops/add'
import { type AttentionShape, attention } from '../ops/attention'
import { addBias } from '../ops/bias'
import { embedding } from '../ops/embedding'
import { matmul } from '../ops/matmul'
import { rmsNorm } from '../ops/rms-norm'
import { rope } from '../ops/rope'
import { prependRows } from '../ops/rows'
import { swiglu } from '../ops/swiglu'
import type { Tensor } from '../tensor/tensor'
import type { TensorNeed } from './family'
import type { ForwardContext, LayerKeys } from './hooks'

export const decoderLinears = ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'self_attn.o_proj', 'mlp.gate_proj', 'mlp.up_proj', 'mlp.down_proj'] as const
export const decoderFeedForward = ['mlp.gate_proj', 'mlp.up_proj', 'mlp.down_proj'] as const

/** [out, in] of every linear layer of a block. */
export function linearShapes(c: ModelConfig): Record<(typeof decoderLinears)[number], readonly [number, number]> {
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

/** Tensors of a Llama-kind decoder; `biased` are the linear layers that may carry a bias. */
export function decoderTensors(c: ModelConfig, biased: readonly string[]): TensorNeed[] {
  const shapes = Object.entries(linearShapes(c))
  const needs: TensorNeed[] = [{ name: 'model.embed_tokens.weight', kind: 'table', shape: [c.vocab, c.hidden] }]
  for (let layer = 0; layer < c.layers; layer++) {
    const at = `model.layers.${layer}.`
    for (const norm of ['input_layernorm', 'post_attention_layernorm']) needs.push({ name: `${at}${norm}.weight`, kind: 'vector', shape: [c.hidden] })
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
  return c.tied ? 'model.embed_tokens.weight' : 'lm_head.weight'
}

/** x [M, in] through the linear layer `site`, its bias and the method's hook. */
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

/** A layer's new keys and values where they are seen: in the cache, or behind the method's prefix. */
function layerKeys(context: ForwardContext, layer: number, k: Tensor, v: Tensor): LayerKeys {
  const { r, batch, length } = context
  if (context.cache) return context.cache(layer, k, v)
  const prefix = context.prefix?.[layer]
  if (!prefix) return { k, v, keys: length }
  const tokens = prefix.k.shape[0]
  return { k: prependRows(r, prefix.k, k, batch), v: prependRows(r, prefix.v, v, batch), keys: tokens + length, prefix: tokens }
}

/** Attention of a layer with rotated q [B · T, H · D] and new k, v [B · T, K · D], and the method's hook on its result [B · T, H · D]. */
export function attend(context: ForwardContext, layer: number, q: Tensor, k: Tensor, v: Tensor, options: Pick<AttentionShape, 'scale' | 'window' | 'softCap'> = {}): Tensor {
  const { r, config: c, batch, length, hooks } = context
  const seen = layerKeys(context, layer, k, v)
  const y = attention(r, q, seen.k, seen.v, context.ranges, { batch, length, keys: seen.keys, prefix: seen.prefix, heads: c.heads, kvHeads: c.kvHeads, headDim: c.headDim, ...options })
  return hooks.attention?.(context, layer, q, y) ?? y
}

/** Self-attention of a block on normed x [M, C]. */
export function selfAttention(context: ForwardContext, x: Tensor, layer: number): Tensor {
  const { r, config: c, positions, ropeTable } = context
  const at = `model.layers.${layer}.self_attn`
  const q = rope(r, linear(context, x, `${at}.q_proj`), positions, ropeTable, c.headDim)
  const k = rope(r, linear(context, x, `${at}.k_proj`), positions, ropeTable, c.headDim)
  const v = linear(context, x, `${at}.v_proj`)
  return linear(context, attend(context, layer, q, k, v), `${at}.o_proj`)
}

/** Gated feed-forward of a block on normed x [M, C]. */
export function feedForward(context: ForwardContext, x: Tensor, layer: number): Tensor {
  const at = `model.layers.${layer}.mlp`
  const inner = swiglu(context.r, linear(context, x, `${at}.gate_proj`), linear(context, x, `${at}.up_proj`))
  return linear(context, inner, `${at}.down_proj`)
}

/** The residual x joined by a sub-layer's output h, which the method may change first. Writes over h. */
export function join(context: ForwardContext, x: Tensor, h: Tensor, sublayer: string): Tensor {
  return add(context.r, x, context.hooks.sublayer?.(context.r, sublayer, h, x) ?? h)
}

function block(context: ForwardContext, x: Tensor, layer: number): Tensor {
  const at = `model.layers.${layer}`
  const attended = join(context, x, selfAttention(context, norm(context, x, `${at}.input_layernorm`), layer), `${at}.self_attn`)
  return join(context, attended, feedForward(context, norm(context, attended, `${at}.post_attention_layernorm`), layer), `${at}.mlp`)
}

/** Token embedding with the method's hook. */
export function embedTokens(context: ForwardContext, scale = 1): Tensor {
  const { r, hooks, ids, batch, length } = context
  const x = embedding(r, ids, context.matrix('model.embed_tokens.weight'), scale)
  return hooks.embeds?.(r, x, ids, { batch, length }) ?? x
}

/** Forward pass of Llama and its like: hidden states after the final norm, [B · T, C]. */
export function decoderForward(context: ForwardContext): Tensor {
  let x = embedTokens(context)
  for (let layer = 0; layer < context.config.layers; layer++) {
    const input = x
    x = context.r.checkpoint([input], () => block(context, input, layer))
  }
  return norm(context, x, 'model.norm')
}
