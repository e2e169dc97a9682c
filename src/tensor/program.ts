// Prepares a recorded list for replay. Places, bind groups and parameters are fixed here once. A replay only encodes: set pipeline, set bind
// group, dispatch. It creates nothing.
import type { PhraseValue } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { packParams } from '../gpu/params'
import { type ArenaPlan, planArena } from './plan'
import type { Launch } from './recorder'
import { type Slot, type Tensor, align, count } from './tensor'

/** Slots of the arena that several programs share. It is as large as the largest program needs. */
export class Arena {
  readonly slots: Slot[] = []

  fit(plan: ArenaPlan): void {
    plan.chunkBytes.forEach((bytes, i) => {
      const slot = (this.slots[i] ??= { label: `arena ${i}`, purpose: 'activations', sizeBytes: 0 })
      slot.sizeBytes = Math.max(slot.sizeBytes, bytes)
    })
  }
}

/** Measures in milliseconds the work that `submit` submits once. `submit` repeats it `times` over; its pass writes timestamps to `writes`. */
export type Measure = (submit: (times: number, writes?: GPUComputePassTimestampWrites) => void) => Promise<number>

interface Ready {
  pipeline: GPUComputePipeline
  group: GPUBindGroup
  launch: Launch
}

/** Allocates the buffers of all slots, and checks for a lack of memory once. */
export async function allocate(gpu: Gpu, what: PhraseValue, slots: readonly Slot[]): Promise<void> {
  const missing = slots.filter((s) => !s.buffer)
  const bytes = missing.reduce((sum, s) => sum + s.sizeBytes, 0)
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC | 0
  try {
    await gpu.allocating(what, bytes, () => {
      for (const slot of missing)
        slot.buffer = gpu.buffer(
          slot.label,
          slot.sizeBytes,
          slot.purpose === 'readback'
            ? GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST
            : slot.purpose === 'tables'
              ? usage | GPUBufferUsage.UNIFORM
              : usage,
        )
    })
  } catch (error) {
    release(gpu, missing)
    throw error
  }
}

export function release(gpu: Gpu, slots: readonly Slot[]): void {
  for (const slot of slots) {
    if (slot.buffer) gpu.release(slot.buffer)
    slot.buffer = undefined
  }
}

/** The launches of one kernel, or of another group, in a program. */
export interface KernelWork {
  /** Indices in the list of launches. */
  indices: number[]
  /** Multiply-adds × 2; 0 if a kernel only moves bytes. */
  flops: number
  /** The fewest bytes that must be read and written: every tensor of a launch once. */
  bytes: number
  workgroups: number
}

/** A group of launches with its time. */
export interface KernelTime extends Pick<KernelWork, 'flops' | 'bytes'> {
  launches: number
  ms: number
}

/** How a program is timed. */
export interface Timing<G extends string> {
  group(launch: Launch): G
  /** How many launches are measured together, and how many FLOPs if that is fewer. */
  atOnce?: number
  flopsAtOnce?: number
}

/** Groups launches by kernel and format of the weights. */
export const kernelName = ({ kernel }: Launch): string =>
  [kernel.file, ...(kernel.parts ?? []).filter((p) => p.startsWith('quant/'))].join(' ')

function bytesOf({ bytes, tensors }: Launch): number {
  return bytes ?? [...new Set(tensors)].reduce((sum, tensor) => sum + count(tensor.shape) * 4, 0)
}

export class Program {
  /** Holds the parameters of all launches. */
  readonly uniforms: Slot
  readonly flops: number
  private readonly offsets: number[] = []
  private readonly words: Uint32Array<ArrayBuffer>
  private ready: Ready[] = []

  constructor(
    readonly label: string,
    readonly launches: readonly Launch[],
    private readonly arena: Arena,
    maxChunkBytes: number,
  ) {
    arena.fit(planArena(launches, maxChunkBytes))
    const places = new Map<string, number>()
    const pieces: Uint32Array[] = []
    let sizeBytes = 0
    for (const launch of launches) {
      const words = packParams(launch.kernel, launch.params)
      const key = words.join()
      let offset = places.get(key)
      if (offset === undefined) {
        offset = sizeBytes
        places.set(key, offset)
        pieces.push(words)
        sizeBytes += align(words.byteLength)
      }
      this.offsets.push(offset)
    }
    this.words = new Uint32Array(sizeBytes / 4)
    let at = 0
    for (const words of pieces) {
      this.words.set(words, at / 4)
      at += align(words.byteLength)
    }
    this.uniforms = { label: `${label} parameters`, purpose: 'tables', sizeBytes: Math.max(256, sizeBytes) }
    this.flops = launches.reduce((sum, l) => sum + l.flops, 0)
  }

  /** Compiles the kernels and makes the bind groups. The arena, the uniforms and all slots must be allocated. */
  async prepare(gpu: Gpu, onProgress?: (fraction: number) => void): Promise<void> {
    const uniforms = this.uniforms.buffer!
    gpu.device.queue.writeBuffer(uniforms, 0, this.words)
    let done = 0
    const pipelines = await Promise.all(
      this.launches.map(async (launch) => {
        const pipeline = await gpu.pipeline(launch.kernel)
        onProgress?.(++done / this.launches.length)
        return pipeline
      }),
    )
    this.ready = this.launches.map((launch, i) => ({
      launch,
      pipeline: pipelines[i],
      group: gpu.device.createBindGroup({
        label: launch.kernel.file,
        layout: pipelines[i].getBindGroupLayout(0),
        entries: [
          { binding: 0, resource: { buffer: uniforms, offset: this.offsets[i], size: align(1) } },
          ...launch.tensors.map((tensor, j) => ({ binding: j + 1, resource: this.place(tensor) })),
        ],
      }),
    }))
  }

  private place(tensor: Tensor): GPUBufferBinding {
    const { space } = tensor
    const buffer = space.kind === 'arena' ? this.arena.slots[space.chunk].buffer : space.slot.buffer
    if (!buffer) throw new Error(`program ${this.label}: expected ${tensor.label} to be allocated.`)
    const start = space.kind === 'arena' ? space.offset : 0
    return { buffer, offset: start + tensor.offset, size: Math.max(4, count(tensor.shape) * 4) }
  }

  /** The launches by group. */
  work<G extends string>(group: (launch: Launch) => G): Map<G, KernelWork> {
    const table = new Map<G, KernelWork>()
    for (const [i, launch] of this.launches.entries()) {
      const name = group(launch)
      const row = table.get(name) ?? { indices: [], flops: 0, bytes: 0, workgroups: 0 }
      row.indices.push(i)
      row.flops += launch.flops
      row.bytes += bytesOf(launch)
      row.workgroups += launch.workgroups[0] * launch.workgroups[1] * launch.workgroups[2]
      table.set(name, row)
    }
    return table
  }

  /** Divides launches into pieces that are measured together. */
  private pieces(indices: readonly number[], { atOnce = 8, flopsAtOnce = Infinity }: Omit<Timing<string>, 'group'>): number[][] {
    let piece: number[] = []
    let flops = 0
    const pieces = [piece]
    for (const index of indices) {
      const own = this.launches[index].flops
      if (piece.length === atOnce || (piece.length > 0 && flops + own > flopsAtOnce)) {
        piece = []
        pieces.push(piece)
        flops = 0
      }
      piece.push(index)
      flops += own
    }
    return pieces
  }

  /**
   * Runs the launches group by group and adds up their times, for benchmarks. A few run at a time: waiting for each one would be measured
   * too, and all of them at once may take longer than a driver allows.
   */
  async time<G extends string>(gpu: Gpu, measure: Measure, timing: Timing<G>): Promise<Map<G, KernelTime>> {
    const table = new Map<G, KernelTime>()
    for (const [name, { indices, flops, bytes }] of this.work(timing.group)) {
      let ms = 0
      for (const piece of this.pieces(indices, timing)) ms += await measure((times, writes) => this.repeat(gpu, piece, times, writes))
      table.set(name, { launches: indices.length, ms, flops, bytes })
    }
    return table
  }

  /** Submits some of the launches `times` over in one pass, for benchmarks. */
  repeat(gpu: Gpu, indices: readonly number[], times: number, timestampWrites?: GPUComputePassTimestampWrites): void {
    const encoder = gpu.device.createCommandEncoder()
    const pass = encoder.beginComputePass({ timestampWrites })
    for (let i = 0; i < times; i++)
      for (const index of indices) {
        const { pipeline, group, launch } = this.ready[index]
        pass.setPipeline(pipeline)
        pass.setBindGroup(0, group)
        pass.dispatchWorkgroups(launch.workgroups[0], launch.workgroups[1], launch.workgroups[2])
      }
    pass.end()
    gpu.device.queue.submit([encoder.finish()])
    gpu.submitted(indices.reduce((sum, index) => sum + this.launches[index].flops, 0) * times)
  }

  /** Puts one launch into a pass of its own. */
  encode(encoder: GPUCommandEncoder, index: number): void {
    const { pipeline, group, launch } = this.ready[index]
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(launch.workgroups[0], launch.workgroups[1], launch.workgroups[2])
    pass.end()
  }

  /** Replays the list in about `slices` submissions of equal cost. `supervised` leaves out launches beyond it. */
  run(gpu: Gpu, slices = 1, supervised = Number.POSITIVE_INFINITY): void {
    const perSlice = this.flops / Math.max(1, slices)
    let encoder = gpu.device.createCommandEncoder()
    let pass = encoder.beginComputePass()
    let spent = 0
    let previous: GPUComputePipeline | undefined
    for (const { launch, pipeline, group } of this.ready) {
      if (launch.beyondSupervised !== undefined && supervised <= launch.beyondSupervised) continue
      if (spent > perSlice && slices > 1) {
        pass.end()
        gpu.device.queue.submit([encoder.finish()])
        encoder = gpu.device.createCommandEncoder()
        pass = encoder.beginComputePass()
        previous = undefined
        spent = 0
      }
      if (pipeline !== previous) pass.setPipeline(pipeline)
      previous = pipeline
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(launch.workgroups[0], launch.workgroups[1], launch.workgroups[2])
      spent += launch.flops
    }
    pass.end()
    gpu.device.queue.submit([encoder.finish()])
    gpu.submitted(this.flops)
  }
}
