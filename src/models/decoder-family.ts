// A family of decoders from a description: the names of its modules, its norms and their places, its kind of attention and feed-forward.
// What is not said is as in Llama.
import type { FamilyFiles, LayerAttention } from '../formats/families/family-files'
import type { ModelConfig } from '../formats/model-file'
import { ropeFor } from '../formats/rope-factors'
import { add } from '../ops/add'
import { embedding } from '../ops/embedding'
import { rope } from '../ops/rope'
import { scale } from '../ops/scale'
import { reshape, splitColumns } from '../ops/shape'
import { swiglu } from '../ops/swiglu'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { type Block, altered, attend, blocks, embedTokens, linear } from './decoder'
import type { Family, RopeNeed, TensorNeed } from './family'
import type { ForwardContext, Prefix } from './hooks'
import { mixtureIn, mixtureOutput, mixtureTensors } from './mixture'
import { type Norm, rms } from './norms'

/** Modules whose names differ between families, here as in most. Those of a block are without the block's own name. */
const usualNames = {
  embedding: 'model.embed_tokens',
  layers: 'model.layers',
  norm: 'model.norm',
  head: 'lm_head',
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
  /** One layer for queries, keys and values. */
  qkv: '',
  o: 'self_attn.o_proj',
  /** Norms of queries and keys. */
  qNorm: 'self_attn.q_norm',
  kNorm: 'self_attn.k_norm',
  /** Absent in a feed-forward without a gate. */
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  /** One layer for the gate's rows, then those of `up`. */
  gateUp: '',
  down: 'mlp.down_proj',
  /** In front of attention, and of the feed-forward. */
  attentionNorm: 'input_layernorm',
  feedForwardNorm: 'post_attention_layernorm',
  /** Behind attention, and behind the feed-forward. */
  behindAttention: 'post_attention_layernorm',
  behindFeedForward: 'post_feedforward_layernorm',
}
type DecoderNames = typeof usualNames

/**
 * Where a block has its norms. front: before each sub-layer, as in Llama. behind: on each sub-layer's output. around: both. parallel: both
 * sub-layers read the block's input, through one norm if `feedForwardNorm` is empty.
 */
type Order = 'front' | 'behind' | 'around' | 'parallel'

/** How a layer's attention differs from Llama's. */
interface AttentionKind extends LayerAttention {
  /** Index in `Family.ropeTables`. */
  ropeTable?: number
  /** The same for queries, if theirs is another. */
  queryTable?: number
  /** Whether this layer does not rotate queries and keys. */
  unrotated?: boolean
}

interface Multipliers {
  /** On the embedding's output, after what a method does to it. */
  embeds?: number
  /** On each sub-layer's output. */
  residual?: number
  /** On the final hidden states, and so on the logits. */
  hidden?: number
}

export interface DecoderKind {
  files: FamilyFiles
  names?: Partial<DecoderNames>
  /** Names of norms that depend on the model. */
  normNames?: (config: ModelConfig) => Partial<Pick<DecoderNames, 'attentionNorm' | 'feedForwardNorm'>>
  norm?: Norm
  order?: (config: ModelConfig) => Order
  /** The factor that the embedding layer itself applies. */
  embeddingScale?: (config: ModelConfig) => number
  /** A table of learned positions, and the number of its row for position 0. */
  positions?: { name: string; offset: number }
  /** Modules that may have a bias. Whether they have one is said by the file. */
  biased?: (config: ModelConfig) => readonly string[]
  /** Whether the head has a bias. */
  headBias?: boolean
  attention?: (config: ModelConfig, layer: number) => AttentionKind
  /** Norms of queries and keys: of each head or of all together, before or after they are rotated. */
  headNorms?: { over: 'head' | 'all'; rotatedFirst?: boolean }
  /**
   * How one layer for queries, keys and values lists its rows. columns: all queries first, then all keys. groups: the queries that share a
   * key, that key and its value, then the next group. quarters: a quarter of the heads at a time, queries, values, keys.
   */
  joined?: 'columns' | 'groups' | 'quarters'
  /** Whether rotary pairs are neighbours instead of halves. */
  neighbours?: boolean
  /** Rotary tables after the first. */
  moreTables?: (config: ModelConfig, positions: number) => readonly RopeNeed[]
  /** A feed-forward with a gate: its inner product. */
  gated?: (r: Recorder, gate: Tensor, up: Tensor) => Tensor
  /** A feed-forward without a gate: its activation function. `vector` finds the tensors of `activationTensors` in the layer. */
  activation?: (r: Recorder, x: Tensor, config: ModelConfig, vector: (name: string) => Tensor) => Tensor
  /** The tensors of an activation function with numbers of its own, by their names in a block. */
  activationTensors?: readonly TensorNeed[]
  multipliers?: (config: ModelConfig) => Multipliers
  logitCap?: (config: ModelConfig) => number
}

/** The `sites` that may have a bias. In a GGUF file the tensors decide. Else config.json does, and without its key there are no biases. */
export function biasedBy({ raw }: ModelConfig, sites: readonly string[]): string[] {
  return sites.filter((site) => !('model_type' in raw) || raw[site.startsWith('mlp.') ? 'mlp_bias' : 'attention_bias'] === true)
}

export const attentionModules = [usualNames.q, usualNames.k, usualNames.v, usualNames.o] as const
export const allModules = [...attentionModules, usualNames.gate, usualNames.up, usualNames.down] as const

const isGated = ({ activation }: DecoderKind) => activation === undefined

/** The linear layers of a block by what they do, in the order of the forward pass. */
function modulesOf(kind: DecoderKind, n: DecoderNames): { keys: string[]; attention: string[]; feedForward: string[] } {
  const keys = n.qkv ? [n.qkv] : [n.k, n.v]
  const inner = n.gateUp ? [n.gateUp] : isGated(kind) ? [n.gate, n.up] : [n.up]
  return { keys, attention: [...(n.qkv ? [] : [n.q]), ...keys, n.o], feedForward: [...inner, n.down] }
}

/** [out, in] of a linear layer of a block. */
function shapeOf(c: ModelConfig, n: DecoderNames, module: string): readonly [number, number] {
  const [q, kv] = [c.heads * c.headDim, c.kvHeads * c.headDim]
  if (module === n.qkv) return [q + 2 * kv, c.hidden]
  if (module === n.q) return [q, c.hidden]
  if (module === n.k || module === n.v) return [kv, c.hidden]
  if (module === n.o) return [c.hidden, q]
  if (module === n.gateUp) return [2 * c.intermediate, c.hidden]
  return module === n.down ? [c.hidden, c.intermediate] : [c.intermediate, c.hidden]
}

/** Names of a block's norms. */
function normsOf(order: Order, n: DecoderNames): string[] {
  const [front, behind] = [[n.attentionNorm, n.feedForwardNorm].filter(Boolean), [n.behindAttention, n.behindFeedForward]]
  if (order === 'behind') return behind
  return order === 'around' ? [front[0], behind[0], front[1], behind[1]] : front
}

function tensorsOf(kind: DecoderKind, n: DecoderNames, c: ModelConfig): TensorNeed[] {
  const { norm = rms(), order, biased, headNorms, positions } = kind
  const withBias = biased?.(c) ?? []
  const { attention, feedForward } = modulesOf(kind, n)
  const needs: TensorNeed[] = [{ name: `${n.embedding}.weight`, kind: 'table', shape: [c.vocab, c.hidden] }]
  if (positions) needs.push({ name: `${positions.name}.weight`, kind: 'table', shape: [c.context + positions.offset, c.hidden] })
  for (let layer = 0; layer < c.layers; layer++) {
    const at = `${n.layers}.${layer}.`
    for (const name of normsOf(order?.(c) ?? 'front', { ...n, ...kind.normNames?.(c) })) needs.push(...norm.needs(at + name, c.hidden))
    if (headNorms) {
      const heads = (count: number) => (headNorms.over === 'head' ? 1 : count) * c.headDim
      needs.push(...norm.needs(at + n.qNorm, heads(c.heads)), ...norm.needs(at + n.kNorm, heads(c.kvHeads)))
    }
    const mixture = mixtureIn(kind.files, c, layer)
    for (const name of mixture ? attention : [...attention, ...feedForward]) {
      const shape = shapeOf(c, n, name)
      needs.push({ name: `${at}${name}.weight`, kind: 'linear', shape })
      if (withBias.includes(name)) needs.push({ name: `${at}${name}.bias`, kind: 'vector', shape: [shape[0]], optional: true })
    }
    for (const need of kind.activationTensors ?? []) needs.push({ ...need, name: at + need.name })
    if (mixture) needs.push(...mixtureTensors(kind.files, c, layer, mixture))
  }
  needs.push(...norm.needs(n.norm, c.hidden))
  if (!c.tied) needs.push({ name: `${n.head}.weight`, kind: 'table', shape: [c.vocab, c.hidden] })
  if (kind.headBias) needs.push({ name: `${n.head}.bias`, kind: 'vector', shape: [c.vocab], optional: true })
  return needs
}

/** Queries, keys and values [M, ·] of a block on x [M, C], before they are normed and rotated. Only those that are asked for. */
function projections({ joined }: DecoderKind, n: DecoderNames, context: ForwardContext, x: Tensor, at: string, queries: boolean) {
  const { r, config: c } = context
  if (!n.qkv) {
    const q = queries ? linear(context, x, at + n.q) : undefined
    return { q, k: linear(context, x, at + n.k), v: linear(context, x, at + n.v) }
  }
  const all = linear(context, x, at + n.qkv)
  const kv = c.kvHeads * c.headDim
  const width = c.heads * c.headDim
  const inParts = (parts: number, widths: number[]) =>
    splitColumns(r, reshape(r, all, [all.shape[0] * parts, (width + 2 * kv) / parts]), widths).map((part) =>
      reshape(r, part, [all.shape[0], part.shape[1] * parts]),
    )
  if (joined === 'quarters') {
    const [q, v, k] = inParts(4, [width / 4, width / 4, width / 4])
    return { q, k, v }
  }
  const [q, k, v] =
    joined === 'groups' ? inParts(c.kvHeads, [width / c.kvHeads, c.headDim, c.headDim]) : splitColumns(r, all, [width, kv, kv])
  return { q, k, v }
}

/** Self-attention of a block on normed x [M, C]. */
function selfAttention(kind: DecoderKind, n: DecoderNames, context: ForwardContext, x: Tensor, layer: number): Tensor {
  const { norm = rms(), headNorms, neighbours } = kind
  const { r, config: c } = context
  const at = `${n.layers}.${layer}.`
  const { ropeTable = 0, queryTable = ropeTable, unrotated, ...attention } = kind.attention?.(c, layer) ?? {}
  const turn = (heads: Tensor, name: string) =>
    unrotated || !context.ropeTables.length
      ? heads
      : rope(r, heads, context.positions, context.ropeTables[name === n.qNorm ? queryTable : ropeTable], {
          headDim: c.headDim,
          dim: c.ropeDim,
          neighbours,
        })
  const normed = (flat: Tensor, name: string) => {
    if (headNorms?.over === 'all') return norm.apply(context, flat, at + name)
    const parts = reshape(r, flat, [(flat.shape[0] * flat.shape[1]) / c.headDim, c.headDim])
    return reshape(r, norm.apply(context, parts, at + name), flat.shape)
  }
  const early = (flat: Tensor, name: string) => (headNorms && !headNorms.rotatedFirst ? normed(flat, name) : flat)
  const late = (flat: Tensor, name: string) => (headNorms?.rotatedFirst ? normed(turn(flat, name), name) : turn(flat, name))
  const keysOf = (from: Tensor): Prefix => {
    const { k, v } = projections(kind, n, context, from, at, false)
    return { k: early(k, n.kNorm), v }
  }
  if (n.qkv) {
    const { q, k, v } = projections(kind, n, context, x, at, true)
    const keys = { k: late(early(k, n.kNorm), n.kNorm), v }
    return linear(context, attend(context, layer, late(early(q!, n.qNorm), n.qNorm), keys, keysOf, attention), at + n.o)
  }
  const q = late(early(linear(context, x, at + n.q), n.qNorm), n.qNorm)
  const { k, v } = keysOf(x)
  return linear(context, attend(context, layer, q, { k: late(k, n.kNorm), v }, keysOf, attention), at + n.o)
}

/** Feed-forward of a block on normed x [M, C]. */
function feedForward(kind: DecoderKind, n: DecoderNames, context: ForwardContext, x: Tensor, layer: number): Tensor {
  const { gated = swiglu, activation } = kind
  const { r, config: c } = context
  const at = `${n.layers}.${layer}.`
  const mixture = mixtureIn(kind.files, c, layer)
  if (mixture) return mixtureOutput(context, kind.files, mixture, x, layer, gated)
  if (activation)
    return linear(
      context,
      activation(r, linear(context, x, at + n.up), c, (name) => context.vector(at + name)!),
      at + n.down,
    )
  const [gate, up] = n.gateUp
    ? splitColumns(r, linear(context, x, at + n.gateUp), [c.intermediate, c.intermediate])
    : [linear(context, x, at + n.gate), linear(context, x, at + n.up)]
  return linear(context, gated(r, gate, up), at + n.down)
}

/** The names by which methods know the sub-layers of a block: the modules that hold their linear layers. */
function sublayersOf(n: DecoderNames): readonly [string, string] {
  const parent = (module: string) => (module.includes('.') ? module.replace(/\.[^.]*$/, '') : '')
  return [`.${parent(n.o)}`, parent(n.down) && `.${parent(n.down)}`]
}

function blockOf(kind: DecoderKind, n: DecoderNames): Block {
  const { norm = rms(), multipliers } = kind
  const [ofAttention, ofFeedForward] = sublayersOf(n)
  return (context, x, layer) => {
    const { r, config } = context
    const at = `${n.layers}.${layer}`
    const order = kind.order?.(config) ?? 'front'
    const { attentionNorm, feedForwardNorm } = { ...n, ...kind.normNames?.(config) }
    const { residual = 1 } = multipliers?.(config) ?? {}
    const normed = (t: Tensor, name: string) => norm.apply(context, t, `${at}.${name}`)
    // A method changes the output h of a sub-layer, before the norm behind it, and then it joins the residual `to`. Writes over h.
    const join = (to: Tensor, h: Tensor, sublayer: string, behind: string) => {
      const own = altered(context, to, h, at + sublayer)
      const out = order === 'behind' || order === 'around' ? normed(own, behind) : own
      return add(r, to, residual === 1 ? out : scale(r, out, residual))
    }
    const before = (t: Tensor, name: string) => (order === 'behind' ? t : normed(t, name))
    const input = before(x, attentionNorm)
    const attended = join(x, selfAttention(kind, n, context, input, layer), ofAttention, n.behindAttention)
    const inner = order === 'parallel' ? (feedForwardNorm ? normed(x, feedForwardNorm) : input) : before(attended, feedForwardNorm)
    return join(attended, feedForward(kind, n, context, inner, layer), ofFeedForward, n.behindFeedForward)
  }
}

/** Hidden states after the final norm, [B · T, C]. */
function forward(kind: DecoderKind, n: DecoderNames, block: Block, context: ForwardContext): Tensor {
  const { norm = rms(), positions, embeddingScale } = kind
  const { r, config } = context
  const { embeds = 1, hidden = 1 } = kind.multipliers?.(config) ?? {}
  const tokens = embedTokens(context, { name: `${n.embedding}.weight`, scale: embeddingScale?.(config) ?? 1 })
  const scaled = embeds === 1 ? tokens : scale(r, tokens, embeds)
  const x = positions
    ? add(r, embedding(r, context.positions, context.matrix(`${positions.name}.weight`), 1, positions.offset), scaled)
    : scaled
  const y = norm.apply(context, blocks(context, x, block), n.norm)
  return hidden === 1 ? y : scale(r, y, hidden)
}

/** The forward pass, tensors and modules of the decoder that `kind` describes. */
export function decoderFamily(kind: DecoderKind): Family {
  const n = { ...usualNames, ...kind.names }
  const { files, embeddingScale, logitCap, moreTables } = kind
  const block = blockOf(kind, n)
  const modules = modulesOf(kind, n)
  return {
    files,
    tensors: (config) => tensorsOf(kind, n, config),
    forward: (context) => forward(kind, n, block, context),
    head: ({ tied }) => `${tied ? n.embedding : n.head}.weight`,
    ...(kind.headBias && { headBias: `${n.head}.bias` }),
    embedding: (config) => ({ name: `${n.embedding}.weight`, scale: embeddingScale?.(config) ?? 1 }),
    ropeTables: (config, positions) => (files.rotary ? [ropeFor(config, positions), ...(moreTables?.(config, positions) ?? [])] : []),
    ...(logitCap && { logitCap }),
    linears: files.experts && !files.experts.in ? modules.attention : [...modules.attention, ...modules.feedForward],
    feedForward: modules.feedForward,
    keysAndValues: modules.keys,
  }
}
