// Token embedding from a packed or trained table, and virtual tokens over it.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowVectors, threads } from './grid'
import { type Weight, readerConstants, readerParts } from './weight'

/** dw [V, C] += scale · rows of dx [M, C] by their ids [M], off the tape. The same order gives the same bits. */
function addToRows(r: Recorder, ids: Tensor, dx: Tensor, dw: Tensor, scale = 1): void {
  const positions = ids.shape[0]
  const { n, row, parts } = rowVectors(dx)
  const links: Tensor = { ...r.empty('same ids', [positions, 2]), dtype: 'u32' }
  r.launch({
    kernel: { file: 'same_ids', parts: ['common/index'] },
    tensors: [ids, links],
    params: { positions },
    workgroups: threads(positions),
    flops: positions * positions,
  })
  r.launch({
    kernel: { file: 'embedding_backward', parts },
    tensors: [ids, links, dx, dw],
    params: { vectors: n, row_vectors: row, vocab: dw.shape[0], scale },
    workgroups: threads(n),
    flops: n * 8,
  })
}

/** ids [M] → x [M, C] · scale. Ids beyond the table give 0; `virtualTokens` may fill their rows. */
export function embedding(r: Recorder, ids: Tensor, table: Weight, scale = 1): Tensor {
  const x = r.empty('embedding', [ids.shape[0], table.shape[1]])
  const { n, parts } = rowVectors(x)
  table.parts.forEach((part, i) => {
    r.launch({
      kernel: { file: 'embedding', parts: [...readerParts(r.profile, table), ...parts], constants: readerConstants(table, part) },
      tensors: [ids, part.tensor, x],
      params: { vectors: n, first_row: part.firstRow, scale, zero_others: i === 0 },
      workgroups: threads(n),
      flops: n * 8,
    })
  })
  const trained = table.trainable
  // A trained table is a parameter: its gradient has its own place, and launches only add to it.
  if (trained) r.record([x], [trained], () => addToRows(r, ids, r.grad(x), r.gradTarget(trained).tensor, scale))
  return x
}

/** Rows of `prompt` [P, C] in place of ids first … first + P − 1, which are the first P of each of `batch` rows, in x [B · T, C]. */
export function virtualTokens(r: Recorder, x: Tensor, ids: Tensor, prompt: Tensor, first: number, batch: number): Tensor {
  const { n, row, parts } = rowVectors(x)
  const tokens = prompt.shape[0]
  r.launch({
    kernel: { file: 'virtual_tokens', parts },
    tensors: [ids, prompt, x],
    params: { vectors: n, row_vectors: row, first, tokens },
    workgroups: threads(n),
    flops: n * 4,
  })
  const y = r.view(x)
  r.record([y], [x, prompt], () => {
    const dy = r.grad(y)
    if (prompt.requiresGrad) {
      const to = r.gradTarget(prompt)
      r.launch({
        kernel: { file: 'virtual_tokens_backward', parts },
        tensors: [ids, dy, to.tensor],
        params: { vectors: tokens * row, row_vectors: row, first, batch, length: x.shape[0] / batch, accumulate: to.accumulate },
        workgroups: threads(tokens * row),
        flops: batch * tokens * row * 4,
      })
    }
    r.passGrad(x, dy)
  })
  return y
}
