// The rotary tables that a family's layers look up, in one buffer.
import type { Gpu } from '../gpu/gpu'
import type { BaseModel } from '../models/base-model'
import { ropeTable } from '../ops/rope'
import { type Slot, type Tensor, align, slotTensor } from '../tensor/tensor'

export interface RopeTables {
  slot: Slot
  /** In the order of `Family.ropeTables`; each is [positions, number of rotated numbers]. */
  tensors: readonly Tensor[]
  /** Fills the tables; the slot must be allocated. */
  write(gpu: Gpu): void
}

/** Tables for positions 0 … `positions` − 1. */
export function ropeTables({ family, file }: BaseModel, positions: number): RopeTables {
  const { headDim, ropeDim: dim = headDim } = file.config
  const needs = family.ropeTables(file.config, positions)
  const stride = align(positions * dim * 4)
  const slot: Slot = { label: 'rotary tables', purpose: 'tables', sizeBytes: Math.max(4, needs.length * stride) }
  return {
    slot,
    tensors: needs.map((_, i) => slotTensor(slot, [positions, dim], 'f32', i * stride, `rotary table ${i}`)),
    write(gpu) {
      needs.forEach(({ theta, factors, scale, growth }, i) =>
        gpu.device.queue.writeBuffer(slot.buffer!, i * stride, ropeTable(positions, dim, theta, factors, scale, growth)),
      )
    },
  }
}
