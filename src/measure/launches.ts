// Measures one kernel: a few recorded launches, repeated until the clock is exact enough.
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import { tapeKernels } from '../ops/add'
import { finished, programOf } from '../ops/program-of'
import { Arena, type Program, allocate, release } from '../tensor/program'
import { type Launch, Recorder } from '../tensor/recorder'
import { type DType, type Slot, type Tensor, count, slotTensor } from '../tensor/tensor'
import type { Time, Timer } from './timer'

const samples = 3
/** A sample should last about this long, so that the resolution of the clock does not matter. */
const sampleMs = 60
const mostRepeats = 500

/** Records launches and holds their tensors. */
export class Bed {
  readonly r: Recorder
  private readonly held: { slot: Slot; values: ArrayBufferView<ArrayBuffer> | undefined }[] = []

  constructor(private readonly gpu: Gpu) {
    this.r = new Recorder(gpu.profile, tapeKernels)
  }

  /** A tensor with small random numbers, or `values`. */
  tensor(label: string, shape: readonly number[], values?: ArrayBufferView<ArrayBuffer>, dtype: DType = 'f32'): Tensor {
    const n = count(shape)
    const slot: Slot = { label, purpose: 'inputs', sizeBytes: n * 4 }
    this.held.push({ slot, values: values ?? Float32Array.from({ length: n }, (_, i) => ((i * 7919) % 1021) / 1021 - 0.5) })
    return slotTensor(slot, shape, dtype)
  }

  /** Holds a slot that was made elsewhere, filled with zeros. */
  hold(slot: Slot): void {
    this.held.push({ slot, values: undefined })
  }

  /** A trained tensor with its gradient. */
  trained(label: string, shape: readonly number[]): Tensor {
    const tensor = this.tensor(label, shape)
    tensor.requiresGrad = true
    tensor.grad = this.tensor(`d ${label}`, shape)
    return tensor
  }

  /** A tensor that gets a gradient. */
  active(label: string, shape: readonly number[]): Tensor {
    const tensor = this.tensor(label, shape)
    tensor.requiresGrad = true
    return tensor
  }

  /** Records the backward pass from a given gradient of `y`. */
  backward(y: Tensor): void {
    this.r.passGrad(y, this.tensor(`d ${y.label}`, y.shape))
    this.r.backward()
  }

  /** All launches recorded so far, as the program will have them. */
  get launches(): readonly Launch[] {
    return finished(this.r.launches)
  }

  /** Allocates everything, runs the launches once and calls `use` with the program. */
  private async prepared<T>(use: (program: Program) => Promise<T>): Promise<T> {
    const arena = new Arena()
    const program = programOf('benchmark', this.r, arena, this.gpu.profile.maxBindingBytes)
    const slots = [...this.held.map((h) => h.slot), ...arena.slots, program.uniforms]
    await allocate(this.gpu, say`the benchmark`, slots)
    try {
      for (const { slot, values } of this.held) if (values) this.gpu.device.queue.writeBuffer(slot.buffer!, 0, values)
      await program.prepare(this.gpu)
      // All launches run once: later ones read the results of earlier ones, and drivers do some work only in the first run.
      program.run(this.gpu)
      await this.gpu.answered(this.gpu.device.queue.onSubmittedWorkDone())
      const result = await use(program)
      this.gpu.check()
      return result
    } finally {
      release(this.gpu, slots)
    }
  }

  /** The values of tensors of this bed after all launches have run. */
  values(tensors: readonly Tensor[]): Promise<Float32Array[]> {
    return this.prepared(() => Promise.all(tensors.map((tensor) => this.read(tensor))))
  }

  private async read(tensor: Tensor): Promise<Float32Array> {
    const { space } = tensor
    if (space.kind === 'arena')
      throw new Error(`benchmark: expected ${tensor.label} to be a held tensor. This is a mistake in TabTune; please report it.`)
    const size = count(tensor.shape) * 4
    const read = this.gpu.buffer('values read', size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
    const encoder = this.gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(space.slot.buffer!, tensor.offset, read, 0, size)
    this.gpu.device.queue.submit([encoder.finish()])
    await this.gpu.answered(read.mapAsync(GPUMapMode.READ))
    const values = new Float32Array(read.getMappedRange().slice(0))
    this.gpu.release(read)
    return values
  }

  /** The time of one run of the launches that `of` picks; the best of several samples. */
  async time(timer: Timer, of: (launch: Launch, place: number) => boolean = () => true): Promise<Time> {
    return this.prepared(async (program) => {
      const indices = program.launches.flatMap((launch, i) => (of(launch, i) ? [i] : []))
      if (indices.length === 0)
        throw new Error('benchmark: expected launches to measure, got none. This is a mistake in TabTune; please report it.')
      const once = await timer.pass((writes) => program.repeat(this.gpu, indices, 1, writes))
      const times = Math.min(mostRepeats, Math.max(1, Math.round(sampleMs / Math.max(0.01, once.ms))))
      // Takes the best time of each clock, since other programs can only make it longer.
      let [ms, cpuMs] = times === 1 ? [once.ms, once.cpuMs] : [Infinity, undefined]
      for (let i = 0; i < samples; i++) {
        const sample = await timer.pass((writes) => program.repeat(this.gpu, indices, times, writes))
        ms = Math.min(ms, sample.ms / times)
        if (sample.cpuMs !== undefined) cpuMs = Math.min(cpuMs ?? Infinity, sample.cpuMs / times)
      }
      return { ms, ...(cpuMs !== undefined && { cpuMs }) }
    })
  }
}
