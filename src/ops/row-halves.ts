// Packs the rows of a product's left factor as halves, for products by subgroup matrices.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { rowGroups } from './grid'

/** The numbers of x [M, stride] from column `first` on as halves with a scale for each row (shaders/row_halves.wgsl), off the tape. */
export function rowHalves(r: Recorder, x: Tensor, first: number, columns: number): Tensor {
  const [rows, stride] = x.shape
  const packed: Tensor = { ...r.empty(`${x.label} halves`, [rows, Math.ceil(columns / 32) * 16 + 4]), dtype: 'u32' }
  r.launch({
    kernel: { file: 'row_halves', parts: ['common/factors_f16'] },
    tensors: [x, packed],
    params: { rows, stride, first, columns },
    workgroups: rowGroups({ ...r.profile, lanes: 64 }, rows),
  })
  return packed
}
