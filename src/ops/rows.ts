// Puts the same rows into every batch row, alone or in front of the row's own, and takes rows away from its front.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { gatherRows } from './gather'
import { elementwise, rowVectors, threads } from './grid'
import { copyColumns } from './shape'

function sumBlocks(r: Recorder, dy: Tensor, x: Tensor, blocks: number): void {
  const { n, row, parts } = rowVectors(x)
  const dx = r.gradTarget(x)
  r.launch({
    kernel: { file: 'sum_blocks', parts },
    tensors: [dy, dx.tensor],
    params: { vectors: n, blocks, stride: (dy.shape[0] / blocks) * row, accumulate: dx.accumulate },
    workgroups: threads(n),
    flops: blocks * n * 4,
  })
}

/** x [P, C] → [B · P, C] for `batch` = B. */
export function repeatRows(r: Recorder, x: Tensor, batch: number): Tensor {
  const y = r.empty(`${x.label} repeated`, [batch * x.shape[0], x.shape[1]])
  const { n, parts } = rowVectors(x)
  r.launch({
    kernel: { file: 'repeat_rows', parts },
    tensors: [x, y],
    params: { vectors: batch * n, block: n },
    workgroups: threads(batch * n),
  })
  r.record([y], [x], () => sumBlocks(r, r.grad(y), x, batch))
  return y
}

/** prefix [P, C] in front of each of the `batch` = B blocks of x [B · T, C] → [B · (P + T), C]. */
export function prependRows(r: Recorder, prefix: Tensor, x: Tensor, batch: number): Tensor {
  const width = x.shape[1]
  const y = r.empty(`${prefix.label}; ${x.label}`, [batch * prefix.shape[0] + x.shape[0], width])
  const { n, row, parts } = rowVectors(y)
  const [head, block] = [prefix.shape[0] * row, n / batch]
  r.launch({
    kernel: { file: 'prepend_rows', parts },
    tensors: [prefix, x, y],
    params: { vectors: n, head, block },
    workgroups: threads(n),
  })
  r.record([y], [prefix, x], () => {
    const dy = r.grad(y)
    if (prefix.requiresGrad) sumBlocks(r, dy, prefix, batch)
    if (!x.requiresGrad) return
    const dx = r.gradTarget(x)
    const tail = x.shape[0] * row
    r.launch({
      kernel: { file: 'prepend_rows_backward', parts },
      tensors: [dy, dx.tensor],
      params: { vectors: tail, head, block, accumulate: dx.accumulate },
      workgroups: threads(tail),
    })
  })
  return y
}

/** x [B · T, C] without the first `count` = P rows of each of the `batch` = B blocks → [B · (T − P), C]. */
export function dropRows(r: Recorder, x: Tensor, count: number, batch: number): Tensor {
  const y = r.empty(`${x.label} behind ${count}`, [x.shape[0] - batch * count, x.shape[1]])
  const { n, row, parts } = rowVectors(x)
  const [head, block] = [count * row, n / batch]
  const tail = y.shape[0] * row
  r.launch({
    kernel: { file: 'prepend_rows_backward', parts },
    tensors: [x, y],
    params: { vectors: tail, head, block, accumulate: false },
    workgroups: threads(tail),
  })
  r.record([y], [x], () => {
    const none = r.empty('no gradient', [count, x.shape[1]])
    elementwise(r, 'zero', [none], none)
    const dx = r.empty(`d ${x.label}`, x.shape)
    r.launch({
      kernel: { file: 'prepend_rows', parts },
      tensors: [none, r.grad(y), dx],
      params: { vectors: n, head, block },
      workgroups: threads(n),
    })
    r.passGrad(x, dx)
  })
  return y
}

/** The first row of each of the `batch` = B blocks of x [B · T, C] → [B, C]. */
export function firstRows(r: Recorder, x: Tensor, batch: number): Tensor {
  const [rows, width] = x.shape
  const blocks = r.view(x, [batch, (rows / batch) * width])
  const y = r.empty(`first of ${x.label}`, [batch, width])
  copyColumns(r, blocks, 0, y, 0, width)
  r.record([y], [x], () => {
    const dx = r.empty(`d ${x.label}`, blocks.shape)
    elementwise(r, 'zero', [dx], dx)
    copyColumns(r, r.grad(y), 0, dx, 0, width)
    r.passGrad(x, r.view(dx, x.shape))
  })
  return y
}

/** x [M, C] → its rows at `rows` (u32 [N]); `place` (u32 [M]) is the index in `rows` of each row of x, or 0xffffffff. */
export function pickRows(r: Recorder, x: Tensor, rows: Tensor, place: Tensor): Tensor {
  const y = gatherRows(r, x, rows, rows.shape[0])
  r.record([y], [x], () => {
    const dx = r.gradTarget(x)
    const { n, row, parts } = rowVectors(x)
    r.launch({
      kernel: { file: 'scatter_rows', parts },
      tensors: [place, r.grad(y), dx.tensor],
      params: { vectors: n, row_vectors: row, accumulate: dx.accumulate },
      workgroups: threads(n),
    })
  })
  return y
}

/** The sum of the `blocks` = B blocks of x [B · P, C] → [P, C]. */
export function addBlocks(r: Recorder, x: Tensor, blocks: number): Tensor {
  const y = r.empty(`sum of ${x.label}`, [x.shape[0] / blocks, x.shape[1]])
  const { n, parts } = rowVectors(y)
  r.launch({
    kernel: { file: 'sum_blocks', parts },
    tensors: [x, y],
    params: { vectors: n, blocks, stride: n, accumulate: false },
    workgroups: threads(n),
    flops: blocks * n * 4,
  })
  r.record([y], [x], () => {
    const dx = r.empty(`d ${x.label}`, x.shape)
    r.launch({
      kernel: { file: 'repeat_rows', parts },
      tensors: [r.grad(y), dx],
      params: { vectors: blocks * n, block: n },
      workgroups: threads(blocks * n),
    })
    r.passGrad(x, dx)
  })
  return y
}
