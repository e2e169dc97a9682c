// What a micro-batch looks like on the GPU: sections of one buffer, written in one go; and the step's changing numbers.
import type { MicroBatch } from '../data/micro-batch'
import { type Slot, type Tensor, align, slotTensor } from '../tensor/tensor'

const sections = ['ids', 'positions', 'targets', 'rows', 'place', 'ranges'] as const

export interface InputTensors {
  ids: Tensor
  positions: Tensor
  targets: Tensor
  rows: Tensor
  place: Tensor
  /** [M, 2] */
  ranges: Tensor
}

/** Bytes for `positions` = B · T positions. */
export function inputBytes(positions: number): number {
  return (sections.length + 1) * align(positions * 4)
}

/** Tensors over `slot` for B · T = `positions`. */
export function inputTensors(slot: Slot, positions: number): InputTensors {
  const at = (i: number) => i * align(positions * 4)
  const one = (i: number, dtype: 'u32' | 'i32' = 'u32') => slotTensor(slot, [positions], dtype, at(i), sections[i])
  return {
    ids: one(0),
    positions: one(1),
    targets: one(2, 'i32'),
    rows: one(3),
    place: one(4),
    ranges: slotTensor(slot, [positions, 2], 'u32', at(5), 'ranges'),
  }
}

/**
 * A micro-batch as the bytes of the input slot, `batch` rows of `virtual` + T tokens; rows that are missing are padding.
 * Virtual tokens get ids from `vocab` on and come first in every row; all positions move up behind them. The last one's target is the
 * row's `leading` one, that of the others none.
 * The keys of `prefix` tokens stand in front of every row's own and all its tokens see them; positions move up behind them too.
 */
export function packInputs(micro: MicroBatch, batch: number, virtual: number, vocab: number, prefix = 0): Uint32Array<ArrayBuffer> {
  const length = micro.length + virtual
  const positions = batch * length
  const stride = align(positions * 4) / 4
  const words = new Uint32Array(inputBytes(positions) / 4)
  const [ids, places, targets, rows, place, ranges] = sections.map((_, i) =>
    words.subarray(i * stride, i === 5 ? undefined : (i + 1) * stride),
  )
  targets.fill(0xffffffff)
  place.fill(0xffffffff)
  let supervised = 0
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < length; t++) {
      const m = b * length + t
      const from = t < virtual || b >= micro.rows ? -1 : b * micro.length + t - virtual
      const padding = t >= virtual && (from < 0 || t - virtual >= (micro.filled?.[b] ?? micro.length))
      const target = padding ? -2 : from >= 0 ? micro.targets[from] : t === virtual - 1 ? (micro.leading?.[b] ?? -1) : -1
      ids[m] = t < virtual ? vocab + t : from < 0 ? 0 : micro.ids[from]
      places[m] = prefix + (from < 0 ? t : virtual + micro.positions[from])
      ranges[2 * m] = from < 0 || micro.first[from] === 0 ? 0 : prefix + virtual + micro.first[from]
      ranges[2 * m + 1] = prefix + t + 1
      targets[m] = target >>> 0
      if (target < 0) continue
      rows[supervised] = m
      place[m] = supervised++
    }
  }
  return words
}
