// Runs recorded launches on tensors with given numbers, and watches the memory around them.
import { finished } from '../ops/program-of'
import { Program, Arena, allocate, release } from '../tensor/program'
import type { Gpu } from '../gpu/gpu'
import type { Launch } from '../tensor/recorder'
import { readBuffer } from '../tensor/parameters'
import { type ArenaSpace, type Slot, type Tensor, align, count, slotTensor } from '../tensor/tensor'

export type Numbers = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>

/** A tensor in its own slot, and its values at the start of each run. */
export interface Held {
  tensor: Tensor
  slot: Slot
  values: Numbers
}

/**
 * `apart`: every tensor of the arena gets its own buffer, and bindings reach into guard words after each tensor, so that a kernel that
 * reads or writes beyond its tensor is noticed (the guards are NaN and must not change).
 * `planned`: tensors are in the arena as in a real run; memory that the plan leaves free must not change.
 */
export type Placing = 'apart' | 'planned'

const guardBytes = 4096
/** A signalling NaN as f32: a kernel that computes with memory that nothing wrote gives NaN, and even adding 0 changes its bits. */
const unwritten = 0x7fa00001

/** A tensor that will hold `values`. */
export function held(label: string, shape: readonly number[], values: Numbers): Held {
  const slot: Slot = { label, purpose: 'inputs', sizeBytes: align(values.byteLength) + guardBytes }
  const dtype = values instanceof Float32Array ? 'f32' : values instanceof Uint32Array ? 'u32' : 'i32'
  return { tensor: slotTensor(slot, shape, dtype), slot, values }
}

/** Turns places in the arena into slots; `Tensor.space` is shared by all views of it, so it is changed in place. */
function setApart(launches: readonly Launch[]): { slot: Slot; sizeBytes: number }[] {
  const slots: { slot: Slot; sizeBytes: number }[] = []
  for (const tensor of launches.flatMap((l) => l.tensors)) {
    if (tensor.space.kind !== 'arena') continue
    const { sizeBytes } = tensor.space
    const slot: Slot = { label: tensor.label, purpose: 'activations', sizeBytes: align(sizeBytes) + guardBytes }
    Object.assign(tensor.space, { kind: 'slot', slot })
    slots.push({ slot, sizeBytes })
  }
  return slots
}

/** The device, with bind groups that reach `guardBytes` further than requested. */
function reachingFurther(gpu: Gpu): Gpu {
  const device = {
    queue: gpu.device.queue,
    createBindGroup: (descriptor: GPUBindGroupDescriptor) => {
      const [uniform, ...storage] = [...descriptor.entries]
      const further = storage.map((entry) => {
        const resource = entry.resource as GPUBufferBinding
        return { ...entry, resource: { ...resource, size: resource.size! + guardBytes } }
      })
      return gpu.device.createBindGroup({ ...descriptor, entries: [uniform, ...further] })
    },
  }
  return { device, pipeline: gpu.pipeline.bind(gpu) } as unknown as Gpu
}

function fill(gpu: Gpu, slot: Slot, values?: Numbers): void {
  const words = new Uint32Array(slot.sizeBytes / 4).fill(unwritten)
  if (values) words.set(new Uint32Array(values.buffer, values.byteOffset, values.length))
  gpu.device.queue.writeBuffer(slot.buffer!, 0, words)
}

function assertUntouched(label: string, words: Uint32Array, from: number, to: number): void {
  for (let i = from; i < to; i++)
    if (words[i] !== unwritten) throw new Error(`${label}: expected nothing written behind its ${from} words, got word ${i} changed.`)
}

/** Words of each chunk of the arena that belong to a tensor. */
function assertGapsUntouched(launches: readonly Launch[], chunks: readonly Uint32Array[]): void {
  const used = chunks.map((words) => new Uint8Array(words.length))
  const spaces = new Set<ArenaSpace>()
  for (const { space } of launches.flatMap((l) => l.tensors)) if (space.kind === 'arena') spaces.add(space)
  for (const space of spaces) used[space.chunk].fill(1, space.offset / 4, (space.offset + space.sizeBytes) / 4)
  chunks.forEach((words, c) => {
    words.forEach((word, i) => {
      if (!used[c][i] && word !== unwritten) throw new Error(`arena ${c}: expected nothing written between tensors, got word ${i} changed.`)
    })
  })
}

/** The contents of buffers after the run. With `planned`, only tensors in slots can be read. */
type Reader = (tensor: Tensor) => Float32Array

/** Runs the recorded launches once, after the passes of a real run, on the starting values of `inputs`. @throws Error if memory beside the tensors was changed */
export async function runRecorded(
  gpu: Gpu,
  recorded: readonly Launch[],
  inputs: readonly Held[],
  placing: Placing,
  supervised?: number,
): Promise<Reader> {
  const launches = finished(recorded)
  const apart = placing === 'apart' ? setApart(launches) : []
  const arena = new Arena()
  const program = new Program('test', launches, arena, gpu.profile.maxBufferBytes)
  const guarded = [...inputs.map(({ slot, values }) => ({ slot, sizeBytes: values.byteLength })), ...apart]
  const slots = [...guarded.map(({ slot }) => slot), ...arena.slots, program.uniforms]
  await allocate(gpu, 'the test', slots)
  try {
    for (const slot of slots) fill(gpu, slot)
    for (const { slot, values } of inputs) fill(gpu, slot, values)
    gpu.device.pushErrorScope('validation')
    await program.prepare(placing === 'apart' ? reachingFurther(gpu) : gpu)
    program.run(gpu, 1, supervised)
    const error = await gpu.device.popErrorScope()
    if (error) throw new Error(error.message)
    const words = new Map<Slot, Uint32Array<ArrayBuffer>>()
    for (const { slot } of [...guarded, ...arena.slots.map((slot) => ({ slot }))])
      words.set(slot, new Uint32Array(await readBuffer(gpu, slot.buffer!, 0, slot.sizeBytes)))
    for (const { slot, sizeBytes } of guarded) assertUntouched(slot.label, words.get(slot)!, sizeBytes / 4, slot.sizeBytes / 4)
    assertGapsUntouched(
      launches,
      arena.slots.map((slot) => words.get(slot)!),
    )
    return ({ label, space, offset, shape }) => {
      if (space.kind === 'arena')
        throw new Error(`${label}: expected a tensor in a slot, got one in the arena, where later tensors may lie over it.`)
      return new Float32Array(words.get(space.slot)!.buffer, offset, count(shape))
    }
  } finally {
    release(gpu, slots)
  }
}
