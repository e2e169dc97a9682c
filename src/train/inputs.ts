// The layout of a micro-batch on the GPU: sections of one buffer, which is written at once. The tensors and the host's arrays follow from
// one list of sections.
import type { MicroBatch } from '../data/micro-batch'
import { type DType, type Slot, type Tensor, align, slotTensor } from '../tensor/tensor'

/** The sections in the order of the buffer. Each has `width` numbers for each of the B · T positions. */
const sections = [
  { name: 'ids', dtype: 'u32', width: 1 },
  /** The position in the row, counted from the first token of its prefix. */
  { name: 'positions', dtype: 'u32', width: 1 },
  /** Ids of the tokens to predict; −1 = none, −2 = padding. */
  { name: 'targets', dtype: 'i32', width: 1 },
  /** Positions that are trained on, one after another. */
  { name: 'rows', dtype: 'u32', width: 1 },
  /** The index of a position in `rows`; 0xffffffff = not trained on. */
  { name: 'place', dtype: 'u32', width: 1 },
  /** The first key that a position sees, and the first key after the last one it sees. */
  { name: 'ranges', dtype: 'u32', width: 2 },
] as const satisfies readonly { name: string; dtype: DType; width: number }[]

type Section = (typeof sections)[number]
type Sections<T> = Record<Section['name'], T>

const sizeOf = ({ width }: Section, positions: number) => width * align(positions * 4)

function eachSection<T>(positions: number, make: (section: Section, offset: number) => T): Sections<T> {
  const made: Partial<Sections<T>> = {}
  let offset = 0
  for (const section of sections) {
    made[section.name] = make(section, offset)
    offset += sizeOf(section, positions)
  }
  return made as Sections<T>
}

export type InputTensors = Sections<Tensor>

/** Size of the buffer for `positions` = B · T positions. */
export function inputBytes(positions: number): number {
  return sections.reduce((sum, section) => sum + sizeOf(section, positions), 0)
}

/** Tensors over `slot`: [positions], or [positions, width] for a section with `width` > 1. */
export function inputTensors(slot: Slot, positions: number): InputTensors {
  return eachSection(positions, ({ name, dtype, width }, offset) =>
    slotTensor(slot, width === 1 ? [positions] : [positions, width], dtype, offset, name),
  )
}

/** Zeroed bytes for the input slot, and a view of each section for writing. */
export function inputNumbers(positions: number): {
  bytes: ArrayBuffer
  numbers: Sections<Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>
} {
  const bytes = new ArrayBuffer(inputBytes(positions))
  const numbers = eachSection(positions, ({ dtype, width }, offset) =>
    dtype === 'i32' ? new Int32Array(bytes, offset, width * positions) : new Uint32Array(bytes, offset, width * positions),
  )
  return { bytes, numbers }
}

/**
 * The bytes of the input slot for a micro-batch: `batch` rows of `virtual` + T tokens. Missing rows are padding.
 * Virtual tokens have ids from `vocab` upwards and come first in every row, so the positions of all other tokens grow by `virtual`. The
 * target of the last virtual token is the row's `leading` token; the other virtual tokens have no target.
 * The keys of `prefix` tokens come before the row's own keys, and every token sees them. Positions grow by `prefix` too.
 */
export function packInputs(micro: MicroBatch, batch: number, virtual: number, vocab: number, prefix = 0): ArrayBuffer {
  const length = micro.length + virtual
  const positions = batch * length
  const { bytes, numbers } = inputNumbers(positions)
  const { ids, targets, rows, place, ranges } = numbers
  targets.fill(-1)
  place.fill(0xffffffff)
  let supervised = 0
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < length; t++) {
      const m = b * length + t
      const from = t < virtual || b >= micro.rows ? -1 : b * micro.length + t - virtual
      const padding = t >= virtual && (from < 0 || t - virtual >= (micro.filled?.[b] ?? micro.length))
      const target = padding ? -2 : from >= 0 ? micro.targets[from] : t === virtual - 1 ? (micro.leading?.[b] ?? -1) : -1
      ids[m] = t < virtual ? vocab + t : from < 0 ? 0 : micro.ids[from]
      numbers.positions[m] = prefix + (from < 0 ? t : virtual + micro.positions[from])
      ranges[2 * m] = from < 0 || micro.first[from] === 0 ? 0 : prefix + virtual + micro.first[from]
      ranges[2 * m + 1] = prefix + t + 1
      targets[m] = target
      if (target < 0) continue
      rows[supervised] = m
      place[m] = supervised++
    }
  }
  return bytes
}
