// Tokens with their own trained rows, instead of a frozen table's rows or after its last row: at the input and in the head.
import type { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'
import { rowVectors, threads } from './grid'
import { productInput, productInto, productWeight } from './matmul'
import { trainableWeight } from './weight'

interface TokenRows {
  /** u32 [n, 2]: a token's id and its place in `rows`; ids ascending. */
  tokens: Tensor
  /** [n, C] */
  rows: Tensor
}

/** `TokenRows.tokens` for rows in the order of `ids`. */
export function tokenTable(ids: readonly number[]): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([...ids.entries()].sort(([, a], [, b]) => a - b).flatMap(([place, id]) => [id, place]))
}

/** x [M, C] of a frozen table with scale · rows at the positions of these tokens in ids [M]. Writes over x. */
export function embedTokenRows(r: Recorder, x: Tensor, ids: Tensor, { tokens, rows }: TokenRows, scale = 1): Tensor {
  const { n, row, parts } = rowVectors(x)
  r.launch({
    kernel: { file: 'token_rows', parts },
    tensors: [ids, tokens, rows, x],
    params: { vectors: n, row_vectors: row, count: rows.shape[0], scale },
    workgroups: threads(n),
    flops: n * 4,
  })
  const y = r.view(x)
  r.record([y], [rows], () => {
    const d = r.gradTarget(rows).tensor
    const size = rows.shape[0] * row
    r.launch({
      kernel: { file: 'token_rows_backward', parts },
      tensors: [ids, tokens, r.grad(y), d],
      params: { vectors: size, row_vectors: row, positions: ids.shape[0], scale },
      workgroups: threads(size),
      flops: size * ids.shape[0],
    })
  })
  return y
}

/** Logits [R, stride] with x · rowsᵀ in the columns of the tokens, for hidden states x [R, C]. Writes over them. */
export function tokenLogits(r: Recorder, x: Tensor, { tokens, rows }: TokenRows, logits: Tensor): Tensor {
  const n = rows.shape[0]
  const [height, stride] = logits.shape
  const width = Math.ceil(n / 4) * 4
  const weight = trainableWeight(rows)
  const z = r.empty('logits of tokens', [height, width])
  productInto(r, x, weight, z, false)
  const parts = ['common/index']
  r.launch({
    kernel: { file: 'token_logits', parts },
    tensors: [tokens, z, logits],
    params: { count: height * n, tokens: n, width, stride },
    workgroups: threads(height * n),
  })
  const y = r.view(logits)
  r.record([y], [logits, x, rows], () => {
    const dy = r.ownGrad(y)
    const dz = r.empty(`d ${z.label}`, z.shape)
    r.launch({
      kernel: { file: 'token_logits_backward', parts },
      tensors: [tokens, dz, dy],
      params: { count: count(dz.shape), tokens: n, width, stride },
      workgroups: threads(count(dz.shape)),
    })
    if (x.requiresGrad) {
      const dx = r.gradTarget(x)
      productInput(r, dz, weight, dx.tensor, dx.accumulate)
    }
    if (rows.requiresGrad) productWeight(r, dz, x, r.gradTarget(rows).tensor, true)
    r.passGrad(logits, dy)
  })
  return y
}
