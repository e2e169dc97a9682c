// Causal attention with grouped key/value heads, without a T × T matrix (Dao 2022).
import type { Kernel, KernelConstant } from '../gpu/kernel'
import type { Profile } from '../gpu/profile'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { headStride, padHeads, unpadHeads } from './heads'
import { addParts } from './split-sum'

export interface AttentionShape {
  batch: number
  /** Number of queries per batch row. */
  length: number
  /** Number of keys per batch row: `length` plus a prefix, or the size of a cache. */
  keys: number
  heads: number
  kvHeads: number
  headDim: number
  /** Whether keys and values are in a cache: two halves in each word, [B · Tk, K · headStride(D) / 2], and without gradients. */
  halves?: boolean
  /** Keys in front of the row's own. */
  prefix?: number
  scale?: number
  /** A query sees only the last `window` keys, including its own. Keys of the prefix come before those of the row. */
  window?: number
  /** Scores become cap · tanh(score / cap). */
  softCap?: number
}

interface Form {
  kernel(file: string): Kernel
  /** The workgroups for the queries, or keys, of each head and batch row. */
  groups(rows: number, heads: number, batch: number): [number, number, number]
  /** Each query head that shares a key head has its own workgroup, which computes a part of the gradients of keys. */
  parts: boolean
}

/** With fewer queries, most of a tile would be idle. */
const tileQueries = 8

/** Rows that a lane of a quad holds. More rows use loaded values more often, and take longer to compile. */
function quadRows(headDim: number): number {
  if (headDim <= 16) return 4
  return headDim <= 48 ? 2 : 1
}

function tiledForm(headDim: number, cap: KernelConstant, common: readonly string[]): Form {
  // With wide heads, fewer rows fill a thread's registers.
  const side = headDim <= 128 ? 4 : 2
  const chunks = Math.ceil(headDim / 32)
  const pair = chunks % 2 ? 1 : 2
  const constants = { SIDE: side, D4: headDim / 4, CHUNKS: chunks, PAIR: pair, ROUNDS: chunks / pair, CAP: cap }
  const parts = [...common, 'common/visible_vectors', 'common/add_product', 'common/attention_tiles']
  const walking = [...parts, 'common/key_walk']
  return {
    kernel: (file) => ({ file: `${file}_tiled`, parts: file.endsWith('_kv') ? parts : walking, constants }),
    // Heads come first: neighbours share keys, and all queries with many keys start before those with few.
    groups: (rows, heads, batch) => [heads, Math.ceil(rows / (8 * side)), batch],
    parts: true,
  }
}

function threadForm(quads: boolean, rows: number, headDim: number, cap: KernelConstant, common: readonly string[]): Form {
  const constants = { ROWS: rows, D4: headDim / 4, D4_ROWS: (headDim / 4) * rows, CAP: cap }
  const parts = quads ? [...common, 'common/quad', 'common/visible_vectors'] : common
  return {
    kernel: (file) => ({ file: quads ? `${file}_quad` : file, parts, constants }),
    groups: (count, heads, batch) => [Math.ceil(count / rows / (quads ? 32 : 64)), heads, batch],
    parts: false,
  }
}

/** One workgroup per query and head, whose threads share the keys. It keeps nothing for a backward pass. */
function decodeKernel(headDim: number, cap: KernelConstant, parts: readonly string[]): Kernel {
  const vectors = headDim / 4
  // Up to eight threads share a key's vectors equally. TURN: values that a thread has under way.
  const share = Math.min(8, vectors & -vectors)
  const turn = Math.min(8, Math.ceil(256 / Math.floor(256 / vectors)))
  return { file: 'attention_decode', parts, constants: { D4: vectors, SHARE: share, TURN: turn, CAP: cap } }
}

function formFor(
  { attention: form, attentionRows }: Profile,
  { length, headDim }: AttentionShape,
  cap: KernelConstant,
  common: string[],
): Form {
  if (form === 'tiled' && length >= tileQueries && headDim <= 256) return tiledForm(headDim, cap, common)
  // A wide head fills a thread's registers by itself.
  if (form === 'quad' && length >= 16 && headDim <= 64) return threadForm(true, quadRows(headDim), headDim, cap, common)
  // Rows that do not exist would cost as much as rows that do.
  return threadForm(false, headDim > 128 || length < attentionRows ? 1 : attentionRows, headDim, cap, common)
}

/**
 * q [B · T, H · D], k and v [B · Tk, K · D] → y [B · T, H · D]. Query m sees keys ranges[m].x … ranges[m].y − 1 of its row (u32 pairs [B · T, 2]).
 */
export function attention(r: Recorder, q: Tensor, k: Tensor, v: Tensor, ranges: Tensor, shape: AttentionShape): Tensor {
  const { headDim, halves } = shape
  const stride = headStride(headDim)
  const scale = shape.scale ?? 1 / Math.sqrt(headDim)
  const padded = (x: Tensor) => padHeads(r, x, headDim)
  // The heads of a cache already have this stride.
  const [keys, values] = halves ? [k, v] : [padded(k), padded(v)]
  return unpadHeads(r, attentionOfVectors(r, padded(q), keys, values, ranges, { ...shape, headDim: stride, scale }), headDim)
}

/** `attention` for heads that are whole vectors. */
function attentionOfVectors(
  r: Recorder,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  ranges: Tensor,
  shape: AttentionShape & { scale: number },
): Tensor {
  const { batch, length, keys, heads, kvHeads, headDim } = shape
  const cap = { f32: shape.softCap ?? 0 }
  const common = ['common/attention_inputs', shape.halves ? 'common/keys_f16' : 'common/keys_f32', 'common/soft_cap', 'common/visible']
  const { scale, prefix = 0, window = 0xffffffff } = shape
  const params = { length, keys, heads, kv_heads: kvHeads, scale, prefix, window }
  const y = r.empty('attention', q.shape)
  const flops = 2 * batch * heads * length * Math.min(keys, (shape.window ?? keys) + (shape.prefix ?? 0)) * headDim
  const differentiated = [q, k, v].some((t) => t.requiresGrad)
  if (r.profile.lanes > 1 && length < tileQueries && headDim <= 256 && !differentiated) {
    r.launch({
      kernel: decodeKernel(headDim, cap, common),
      tensors: [q, k, v, ranges, y],
      params,
      workgroups: [heads, length, batch],
      flops,
    })
    return y
  }
  const form = formFor(r.profile, shape, cap, common)
  const lse = r.empty('attention lse', [batch * length, heads, 2])
  const overQueries = form.groups(length, heads, batch)
  r.launch({ kernel: form.kernel('attention'), tensors: [q, k, v, ranges, y, lse], params, workgroups: overQueries, flops })
  r.record([y], [q, k, v], () => {
    const dy = r.grad(y)
    const dq = r.empty('dq', q.shape)
    r.launch({
      kernel: form.kernel('attention_backward_q'),
      tensors: [q, k, v, ranges, y, lse, dy, dq],
      params,
      workgroups: overQueries,
      flops: flops * 1.5,
    })
    r.passGrad(q, dq)
    if (!k.requiresGrad && !v.requiresGrad) return
    const splits = form.parts ? heads / kvHeads : 1
    const [dk, dv] = [k, v].map((t) => r.empty(`d${t.label}`, [splits, ...t.shape]))
    const overKeys = form.groups(keys, kvHeads * splits, batch)
    r.launch({
      kernel: form.kernel('attention_backward_kv'),
      tensors: [q, k, v, ranges, lse, dy, dk, dv],
      params,
      workgroups: overKeys,
      flops: flops * 2,
    })
    r.passGrad(k, sumOfParts(r, dk, k))
    r.passGrad(v, sumOfParts(r, dv, v))
  })
  return y
}

/** Σ over the first dimension of `parts`, with the shape of `like`. */
function sumOfParts(r: Recorder, parts: Tensor, like: Tensor): Tensor {
  if (parts.shape[0] === 1) return r.view(parts, like.shape)
  const sum = r.empty(`d ${like.label}`, like.shape)
  addParts(r, parts, sum)
  return sum
}
