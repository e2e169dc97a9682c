// Layer norm (Ba 2016, arXiv 1607.06450, section 3.1).
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowGroups, rowParts, rowVectors, threads } from './grid'

/** x [M, C] brought to mean 0 and variance 1 over rows, times w [C], plus b [C]. */
export function layerNorm(r: Recorder, x: Tensor, w: Tensor, b: Tensor, epsilon: number): Tensor {
  const rows = x.shape[0]
  const { row, part } = rowVectors(x)
  const y = r.empty(`norm ${w.label}`, x.shape)
  const stats = r.empty('norm stats', [rows, 2])
  const parts = [rowParts(r.profile), part]
  const groups = rowGroups(r.profile, rows)
  r.launchWords({ file: 'layer_norm', parts }, [x, w, b, y, stats], [rows, row, { f32: epsilon }], groups, rows * row * 32)
  r.record([y], [x, w, b], () => {
    const dy = r.grad(y)
    const overColumns = { params: [rows, row], groups: threads(row), flops: rows * row * 12 }
    if (w.requiresGrad)
      r.launchWords(
        { file: 'layer_norm_weight', parts: ['common/index', part] },
        [x, stats, dy, r.gradTarget(w).tensor],
        overColumns.params,
        overColumns.groups,
        overColumns.flops,
      )
    if (b.requiresGrad)
      r.launchWords(
        { file: 'column_sum', parts: ['common/index', part] },
        [dy, r.gradTarget(b).tensor],
        overColumns.params,
        overColumns.groups,
        overColumns.flops,
      )
    if (!x.requiresGrad) return
    const dx = r.gradTarget(x)
    r.launchWords(
      { file: 'layer_norm_backward', parts },
      [x, w, stats, dy, dx.tensor],
      [rows, row, dx.accumulate ? 1 : 0],
      groups,
      rows * row * 64,
    )
  })
  return y
}
