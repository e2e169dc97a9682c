// Trainable tensors. They are placed end to end in few buffers, so that one dispatch clips and updates all of them.
import type { Gpu } from '../gpu/gpu'
import { ShapeError } from '../config/errors'
import { say } from '../config/phrase'
import { type Slot, type Tensor, align, count, slotTensor } from './tensor'

type StartingValues = Float32Array | ((gpu: Gpu) => Float32Array | Promise<Float32Array>)

interface ParameterSpec {
  /** The key in the adapter's file. */
  name: string
  shape: readonly number[]
  /** Starting values, row-major. If they take time, a function makes them when the run starts. */
  values: StartingValues
  /** Whether weight decay applies: to matrices, and usually not to norms and biases. */
  decay: boolean
  /** Factor of the learning rate (LoRA+). */
  rate?: number
  /** Keeps its starting values and has no gradient. */
  frozen?: boolean
}

/** Parameters that are placed end to end, at most as long as a binding may be. */
export interface ParameterGroup {
  values: Slot
  gradients: Slot
  /** Bits of one state of AdamW. */
  bits: 32 | 8
  /** 32 bits: means, then squares. 8 bits: blocks of 256 values in one buffer, as shaders/adamw_8bit.wgsl has them. */
  states: readonly Slot[]
  /** vec2 per 64 parameters: factor of the learning rate, 1 where decay applies. */
  rates: Slot
  /** Number of f32 with padding; a multiple of 64, or of 256 where states are blocks. */
  size: number
}

/** Where the parameters are, as plain data. Two runs with the same layout keep the same bytes in the same places. */
interface ParameterLayout {
  paged: boolean
  groups: readonly Pick<ParameterGroup, 'bits' | 'size'>[]
  /** `at`: bytes from the start of the part. */
  tensors: readonly { name: string; shape: readonly number[]; part: string; at: number; frozen: boolean; decay: boolean; rate: number }[]
}

interface Entry extends ParameterSpec {
  group: ParameterGroup
  /** Offset in the group, as a number of f32. */
  at: number
  tensor: Tensor
}

const perRate = 64

function checkCount(spec: ParameterSpec, values: Float32Array): Float32Array {
  const n = count(spec.shape)
  if (n !== values.length)
    throw new ShapeError(say`${spec.name}: expected ${n} values for [${spec.shape.join(', ')}], got ${values.length}.`)
  return values
}

/** Values in a block of 8-bit states. Each block has two scales: the largest magnitudes of its two states. */
const stateBlock = 256
/** Tensors with fewer values keep 32 bits (bitsandbytes' min_8bit_size). */
const leastValues = 4096

/** Bytes of AdamW's two states for `size` values. */
export function stateBytes(bits: 32 | 8, size: number): number {
  return bits === 32 ? size * 8 : (size / stateBlock) * (2 * stateBlock + 8)
}

function newGroup(index: number, bits: 32 | 8): ParameterGroup {
  const slot = (label: string, purpose: Slot['purpose']): Slot => ({ label: `${label} ${index}`, purpose, sizeBytes: 0 })
  return {
    values: slot('adapter', 'adapter'),
    gradients: slot('gradients', 'gradients'),
    bits,
    states: (bits === 32 ? ['AdamW mean', 'AdamW square'] : ['AdamW codes']).map((label) => slot(label, 'optimizer')),
    rates: slot('AdamW rates', 'optimizer'),
    size: 0,
  }
}

export class Parameters {
  readonly groups: ParameterGroup[] = []
  private readonly entries = new Map<string, Entry>()
  private readonly tables = new Map<Slot, Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>>()
  /** On the GPU, where there are 8-bit states. */
  readonly maps: Tensor | undefined

  constructor(
    /** With gradients and optimizer states, or only the values (evaluation, talking). */
    readonly training: boolean,
    private readonly maxBindingBytes: number,
    private readonly decayAll = false,
    /** Whether the optimizer's states are in main memory. */
    readonly paged = false,
    /** The signed and then the unsigned dynamic map [512]: large tensors' states have 8 bits. */
    maps?: Float32Array<ArrayBuffer>,
  ) {
    this.maps = maps && this.table('dynamic maps', [512], maps)
  }

  /** Adds a tensor, padded to 64 values or to whole blocks of 8-bit states. @throws ShapeError if the tensor exceeds a binding */
  add(spec: ParameterSpec): Tensor {
    if (this.entries.has(spec.name))
      throw new ShapeError(say`${spec.name}: expected each parameter once, got it twice. This is a mistake in the method.`)
    const n = count(spec.shape)
    if (typeof spec.values !== 'function') checkCount(spec, spec.values)
    const bits = this.maps && n >= leastValues ? 8 : 32
    const bytes = bits === 8 ? Math.ceil(n / stateBlock) * stateBlock * 4 : align(n * 4)
    if (bytes > this.maxBindingBytes)
      throw new ShapeError(
        say`${spec.name}: expected at most ${this.maxBindingBytes} bytes in one trainable tensor on this device, got ${bytes}. Choose a smaller model, or settings that do not train this whole tensor.`,
      )
    let group = this.groups.findLast((g) => g.bits === bits)
    if (!group || group.size * 4 + bytes > this.maxBindingBytes) {
      group = newGroup(this.groups.length, bits)
      this.groups.push(group)
    }
    const at = group.size
    group.size += bytes / 4
    for (const slot of [group.values, group.gradients]) slot.sizeBytes = group.size * 4
    for (const slot of group.states) slot.sizeBytes = stateBytes(bits, group.size) / group.states.length
    group.rates.sizeBytes = (group.size / perRate) * 8
    const tensor = slotTensor(group.values, spec.shape, 'f32', at * 4, spec.name)
    if (this.training && !spec.frozen) {
      tensor.requiresGrad = true
      tensor.grad = slotTensor(group.gradients, spec.shape, 'f32', at * 4, `d ${spec.name}`)
    }
    this.entries.set(spec.name, { ...spec, group, at, tensor })
    return tensor
  }

  /** Numbers [shape] that kernels look up. They are neither trained nor saved. */
  table(label: string, shape: readonly number[], values: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): Tensor {
    const slot: Slot = { label, purpose: 'inputs', sizeBytes: align(values.byteLength) }
    this.tables.set(slot, values)
    return slotTensor(slot, shape, values instanceof Float32Array ? 'f32' : 'u32')
  }

  /** Number of trainable values, without padding. */
  get count(): number {
    let sum = 0
    for (const e of this.entries.values()) if (!e.frozen) sum += count(e.shape)
    return sum
  }

  get names(): readonly string[] {
    return [...this.entries.keys()]
  }

  shape(name: string): readonly number[] {
    return this.entries.get(name)!.shape
  }

  tensor(name: string): Tensor {
    return this.entries.get(name)!.tensor
  }

  /** All buffers that the parameters need. */
  get slots(): Slot[] {
    const groups = this.groups.flatMap((g) =>
      !this.training ? [g.values] : this.paged ? [g.values, g.gradients, g.rates] : [g.values, g.gradients, ...g.states, g.rates],
    )
    return [...groups, ...this.tables.keys()]
  }

  /** The buffers that a snapshot keeps, with the frozen values among them. Paged states are not here. */
  get kept(): { name: string; slot: Slot }[] {
    return this.groups.flatMap((g, i) => [
      { name: `values-${i}`, slot: g.values },
      ...(this.training && !this.paged ? g.states.map((slot, j) => ({ name: `states-${i}-${j}`, slot })) : []),
    ])
  }

  /** Where each tensor is in the buffers of `kept`, and how it is trained, as plain data. */
  get layout(): ParameterLayout {
    return {
      paged: this.paged,
      groups: this.groups.map(({ bits, size }) => ({ bits, size })),
      tensors: [...this.entries.values()].map(({ name, shape, group, at, frozen = false, decay, rate = 1 }) => ({
        name,
        shape,
        part: `values-${this.groups.indexOf(group)}`,
        at: at * 4,
        frozen,
        decay: this.decayAll || decay,
        rate,
      })),
    }
  }

  /** Makes the starting values that are given as functions. */
  async start(gpu: Gpu, onProgress?: (fraction: number) => void): Promise<void> {
    const entries = [...this.entries.values()]
    for (const [i, e] of entries.entries()) {
      if (typeof e.values !== 'function') continue
      e.values = checkCount(e, await e.values(gpu))
      onProgress?.((i + 1) / entries.length)
    }
  }

  /** The starting values by name. `start` must have made those that are given as functions. */
  get starting(): Map<string, Float32Array> {
    return new Map([...this.entries.values()].flatMap((e) => (typeof e.values === 'function' ? [] : [[e.name, e.values] as const])))
  }

  /** Writes the tables and the optimizer's rates, and the starting values unless `values` is false. The buffers must be allocated. */
  async write(gpu: Gpu, values = true): Promise<void> {
    if (values) await this.start(gpu)
    for (const [slot, values] of this.tables) gpu.device.queue.writeBuffer(slot.buffer!, 0, values)
    for (const group of this.groups) {
      const starting = new Float32Array(values ? group.size : 0)
      const rates = new Float32Array((group.size / perRate) * 2)
      for (const e of this.entries.values()) {
        if (e.group !== group) continue
        if (values && typeof e.values !== 'function') starting.set(e.values, e.at)
        const decay = this.decayAll || e.decay ? 1 : 0
        for (let i = e.at / perRate; i < (e.at + count(e.shape)) / perRate; i++) {
          rates[i * 2] = e.frozen ? 0 : (e.rate ?? 1)
          rates[i * 2 + 1] = decay
        }
      }
      if (values) gpu.device.queue.writeBuffer(group.values.buffer!, 0, starting)
      if (this.training) gpu.device.queue.writeBuffer(group.rates.buffer!, 0, rates)
    }
  }

  /** The current values (or gradients) on the GPU, by name. Each group takes a staging buffer, which is released at once. */
  async read(gpu: Gpu, which: 'values' | 'gradients' = 'values'): Promise<Map<string, Float32Array<ArrayBuffer>>> {
    const out = new Map<string, Float32Array<ArrayBuffer>>()
    for (const group of this.groups) {
      const data = await readBuffer(gpu, group[which].buffer!, 0, group.size * 4)
      const all = new Float32Array(data)
      for (const e of this.entries.values())
        if (e.group === group && !(e.frozen && which === 'gradients')) out.set(e.name, all.slice(e.at, e.at + count(e.shape)))
    }
    return out
  }
}

/** Reads the bytes of a buffer through a temporary staging buffer. */
export async function readBuffer(gpu: Gpu, buffer: GPUBuffer, offset: number, sizeBytes: number): Promise<ArrayBuffer> {
  const staging = gpu.staging(sizeBytes)
  try {
    const encoder = gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, sizeBytes)
    gpu.device.queue.submit([encoder.finish()])
    await gpu.answered(staging.mapAsync(GPUMapMode.READ))
    gpu.check()
    return staging.getMappedRange().slice(0)
  } finally {
    gpu.release(staging)
  }
}
