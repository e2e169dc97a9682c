// Ranges for attention in which every query sees every key.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { threads } from './grid'

/** u32 pairs [rows, 2], each (0, keys). */
export function wholeRanges(r: Recorder, rows: number, keys: number): Tensor {
  const ranges: Tensor = { ...r.empty('all keys', [rows, 2]), dtype: 'u32' }
  r.launch({
    kernel: { file: 'whole_ranges', parts: ['common/index'] },
    tensors: [ranges],
    params: { rows, keys },
    workgroups: threads(rows),
  })
  return ranges
}
