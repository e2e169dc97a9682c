// Causal attention with grouped key/value heads, without a T × T matrix (Dao 2022).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'

export interface AttentionShape {
  batch: number
  /** Queries a batch row. */
  length: number
  /** Keys a batch row: `length`, plus a prefix, or a cache's size. */
  keys: number
  heads: number
  kvHeads: number
  headDim: number
  /** Keys and values are a cache's: packed two halves a word, [B · Tk, K · D / 2], and without gradients. */
  halves?: boolean
  /** Keys in front that every query sees. */
  prefix?: number
  scale?: number
  /** A query sees the last `window` keys only, its own among them, and the prefix. */
  window?: number
  /** Scores become cap · tanh(score / cap). */
  softCap?: number
}

/** What a lane of a quad holds: more rows use what is loaded more often, and take longer to compile. */
function quadRows(headDim: number): number {
  if (headDim <= 16) return 4
  return headDim <= 48 ? 2 : 1
}

/**
 * q [B · T, H · D], k and v [B · Tk, K · D] → y [B · T, H · D]. Query m sees keys ranges[m].x … ranges[m].y − 1 of its row (u32 pairs [B · T, 2]).
 */
export function attention(r: Recorder, q: Tensor, k: Tensor, v: Tensor, ranges: Tensor, shape: AttentionShape): Tensor {
  const { batch, length, keys, heads, kvHeads, headDim } = shape
  // Wide heads fill a thread's registers alone.
  const quads = r.profile.attention === 'quad' && length >= 16 && headDim <= 64
  const rows = quads ? quadRows(headDim) : headDim > 128 ? 1 : r.profile.attentionRows
  const constants = { ROWS: rows, D4: headDim / 4, D4_ROWS: (headDim / 4) * rows, CAP: { f32: shape.softCap ?? 0 } }
  const parts = [
    'common/attention_inputs',
    shape.halves ? 'common/keys_f16' : 'common/keys_f32',
    'common/soft_cap',
    'common/visible',
    ...(quads ? ['common/quad', 'common/visible_vectors'] : []),
  ]
  const kernel = (file: string) => ({ file: quads ? `${file}_quad` : file, parts, constants })
  const threads = quads ? 32 : 64
  const params = [
    length,
    keys,
    heads,
    kvHeads,
    { f32: shape.scale ?? 1 / Math.sqrt(headDim) },
    shape.prefix ?? 0,
    shape.window ?? 0xffffffff,
  ]
  const y = r.empty('attention', q.shape)
  const lse = r.empty('attention lse', [batch * length, heads, 2])
  const overQueries: [number, number, number] = [Math.ceil(length / rows / threads), heads, batch]
  const flops = 2 * batch * heads * length * Math.min(keys, (shape.window ?? keys) + (shape.prefix ?? 0)) * headDim
  r.launch(kernel('attention'), [q, k, v, ranges, y, lse], params, overQueries, flops)
  r.record([y], [q, k, v], () => {
    const dy = r.grad(y)
    const dq = r.empty('dq', q.shape)
    r.launch(kernel('attention_backward_q'), [q, k, v, ranges, y, lse, dy, dq], params, overQueries, flops * 1.5)
    r.passGrad(q, dq)
    if (!k.requiresGrad && !v.requiresGrad) return
    const dk = r.empty('dk', k.shape)
    const dv = r.empty('dv', v.shape)
    const overKeys: [number, number, number] = [Math.ceil(keys / rows / threads), kvHeads, batch]
    r.launch(kernel('attention_backward_kv'), [q, k, v, ranges, lse, dy, dk, dv], params, overKeys, flops * 2)
    r.passGrad(k, dk)
    r.passGrad(v, dv)
  })
  return y
}
