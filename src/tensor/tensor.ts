// A tensor names a place for numbers. The plan assigns places in the arena. Slots are buffers that exist longer than programs.

export type DType = 'f32' | 'u32' | 'i32'

/** The purpose of bytes on the GPU, by which the memory report groups them. */
type Purpose = 'weights' | 'adapter' | 'gradients' | 'optimizer' | 'activations' | 'inputs' | 'tables' | 'readback'

/** A separate buffer, whose size is known before it exists. */
export interface Slot {
  label: string
  purpose: Purpose
  sizeBytes: number
  buffer?: GPUBuffer
}

/** Space in the arena that all programs share. The plan fills in `offset` and `chunk`. */
export interface ArenaSpace {
  kind: 'arena'
  sizeBytes: number
  chunk: number
  offset: number
}

interface SlotSpace {
  kind: 'slot'
  slot: Slot
}

export interface Tensor {
  label: string
  shape: readonly number[]
  dtype: DType
  space: ArenaSpace | SlotSpace
  /** Bytes from the start of the space, a multiple of `alignment`. */
  offset: number
  /** Whether it needs a gradient. */
  requiresGrad: boolean
  /** For trainable parameters: the tensor in which their gradient is added up. */
  grad?: Tensor
}

/** Number of elements. */
export function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}

/** Each binding starts at a multiple of this (WebGPU's default minStorageBufferOffsetAlignment). */
export const alignment = 256

export function align(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}

/** A tensor in a slot, `offset` bytes from its start. */
export function slotTensor(slot: Slot, shape: readonly number[], dtype: DType = 'f32', offset = 0, label = slot.label): Tensor {
  return { label, shape, dtype, requiresGrad: false, space: { kind: 'slot', slot }, offset }
}

/** Rows [first, first + rows) of a matrix, in place. `first` rows must take a multiple of `alignment` bytes. */
export function rowsOf(t: Tensor, first: number, rows: number): Tensor {
  const shape = [rows, ...t.shape.slice(1)]
  return { ...t, shape, offset: t.offset + (first * count(shape) * 4) / rows }
}

/** The same tensor with another shape of as many values. A parameter stays a parameter. */
export function reshaped(t: Tensor, shape: readonly number[]): Tensor {
  return { ...t, shape, grad: t.grad && { ...t.grad, shape } }
}
