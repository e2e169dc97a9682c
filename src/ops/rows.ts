// The same rows for every batch row: repeated, or in front of the batch row's own.
import type { Recorder } from '../tensor/recorder'
import { type Tensor, count } from '../tensor/tensor'
import { threads, vectors } from './grid'

function sumBlocks(r: Recorder, dy: Tensor, x: Tensor, blocks: number): void {
  const n = vectors(x)
  const dx = r.gradTarget(x)
  r.launch(
    { file: 'sum_blocks', parts: ['common/index'] },
    [dy, dx.tensor],
    [n, blocks, vectors(dy) / blocks, dx.accumulate ? 1 : 0],
    threads(n),
    blocks * n * 4,
  )
}

/** x [P, C] → [B · P, C] for `batch` = B. */
export function repeatRows(r: Recorder, x: Tensor, batch: number): Tensor {
  const y = r.empty(`${x.label} repeated`, [batch * x.shape[0], x.shape[1]])
  r.launch({ file: 'repeat_rows', parts: ['common/index'] }, [x, y], [vectors(y), vectors(x)], threads(vectors(y)))
  r.record([y], [x], () => sumBlocks(r, r.grad(y), x, batch))
  return y
}

/** prefix [P, C] in front of each of the `batch` = B blocks of x [B · T, C] → [B · (P + T), C]. */
export function prependRows(r: Recorder, prefix: Tensor, x: Tensor, batch: number): Tensor {
  const width = x.shape[1]
  const y = r.empty(`${prefix.label}; ${x.label}`, [batch * prefix.shape[0] + x.shape[0], width])
  const [head, block] = [vectors(prefix), count(y.shape) / 4 / batch]
  r.launch({ file: 'prepend_rows', parts: ['common/index'] }, [prefix, x, y], [vectors(y), head, block], threads(vectors(y)))
  r.record([y], [prefix, x], () => {
    const dy = r.grad(y)
    if (prefix.requiresGrad) sumBlocks(r, dy, prefix, batch)
    if (!x.requiresGrad) return
    const dx = r.gradTarget(x)
    r.launch(
      { file: 'prepend_rows_backward', parts: ['common/index'] },
      [dy, dx.tensor],
      [vectors(x), head, block, dx.accumulate ? 1 : 0],
      threads(vectors(x)),
    )
  })
  return y
}
