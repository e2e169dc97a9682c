// Token embedding from a packed or trained table, and virtual tokens over it.
import type { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'
import { rowVectors, threads } from './grid'
import { type Weight, readerConstants, readerParts } from './weight'

/** dw [V, C] += scale · rows of dx [M, C] by their ids [M] − firstRow, off the tape. The same order gives the same bits. */
function addToRows(r: Recorder, ids: Tensor, dx: Tensor, dw: Tensor, scale: number, firstRow: number): void {
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
    params: { vectors: n, row_vectors: row, vocab: dw.shape[0], first_row: firstRow, scale },
    workgroups: threads(n),
    flops: n * 8,
  })
}

/** `first` − `shift` as the kernels subtract it from ids: modulo 2³². */
const before = (first: number, shift: number) => (first - shift) >>> 0

/** ids [M] → x [M, C] · scale; id 0 has row `shift`. Ids beyond the table give 0; `virtualTokens` may fill their rows. */
export function embedding(r: Recorder, ids: Tensor, table: Weight, scale = 1, shift = 0): Tensor {
  const x = r.empty('embedding', [ids.shape[0], table.shape[1]])
  const { n, parts } = rowVectors(x)
  table.parts.forEach((part, i) => {
    r.launch({
      kernel: { file: 'embedding', parts: [...readerParts(r.profile, table), ...parts], constants: readerConstants(table, part) },
      tensors: [ids, part.tensor, x],
      params: { vectors: n, first_row: before(part.firstRow, shift), scale, zero_others: i === 0 },
      workgroups: threads(n),
      flops: n * 8,
      // Only the rows of the ids are read.
      bytes: 2 * count(x.shape) * 4,
    })
  })
  const trained = table.trainable
  // A trained table is a parameter: its gradient has its own place, and launches only add to it.
  if (trained) r.record([x], [trained], () => addToRows(r, ids, r.grad(x), r.gradTarget(trained).tensor, scale, before(0, shift)))
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
