// Measures how long the device takes: by its own timestamps if they are meaningful, else by wall time and processor time.
import type { Gpu } from '../gpu/gpu'
import type { Measure } from '../tensor/program'

export interface Time {
  ms: number
  /** Processor milliseconds of the process, including driver threads; absent if unknown. */
  cpuMs?: number
}

/** Processor time if it is known, else wall time. Shares and ratios use it, since processor time hardly depends on other programs. */
export function steadyMs({ ms, cpuMs }: Time): number {
  return cpuMs ?? ms
}

/** How many more times short work is done if submitting it takes about as long as the work. */
const further = 4

/** Returns the processor milliseconds since a fixed moment. */
export type CpuClock = () => number

export class Timer {
  private readonly query: { set: GPUQuerySet; resolved: GPUBuffer; read: GPUBuffer } | undefined

  constructor(
    private readonly gpu: Gpu,
    private readonly cpu?: CpuClock,
  ) {
    // A software adapter runs on the processor, so processor time says more than timestamps.
    if (gpu.software || !gpu.device.features.has('timestamp-query')) return
    this.query = {
      set: gpu.device.createQuerySet({ type: 'timestamp', count: 2 }),
      resolved: gpu.buffer('timestamps', 16, GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC),
      read: gpu.buffer('timestamps read', 16, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST),
    }
  }

  release(): void {
    if (!this.query) return
    this.query.set.destroy()
    this.gpu.release(this.query.resolved)
    this.gpu.release(this.query.read)
  }

  /** The clock that `finest` uses. */
  get clock(): 'timestamps' | 'processor' | 'wall' {
    return this.query ? 'timestamps' : this.cpu ? 'processor' : 'wall'
  }

  private async stamped(): Promise<number> {
    const { set, resolved, read } = this.query!
    const encoder = this.gpu.device.createCommandEncoder()
    encoder.resolveQuerySet(set, 0, 2, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, read, 0, 16)
    this.gpu.device.queue.submit([encoder.finish()])
    await this.gpu.answered(read.mapAsync(GPUMapMode.READ))
    const [from, to] = new BigUint64Array(read.getMappedRange())
    read.unmap()
    return Number(to - from) / 1e6
  }

  /** The time of one pass, between its timestamps or from submission to its end. */
  async pass(submit: (writes?: GPUComputePassTimestampWrites) => void): Promise<Time> {
    const [start, startCpu] = [performance.now(), this.cpu?.()]
    if (this.query) {
      submit({ querySet: this.query.set, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 })
      return { ms: await this.stamped() }
    }
    submit()
    await this.gpu.answered(this.gpu.device.queue.onSubmittedWorkDone())
    return { ms: performance.now() - start, ...(this.cpu && { cpuMs: this.cpu() - startCpu! }) }
  }

  /** The number that compares kernels best. Without timestamps, the time for submitting and waiting is measured too and subtracted. */
  readonly finest: Measure = async (submit) => {
    const least = async (times: number): Promise<number> => {
      const [a, b] = [await this.pass((writes) => submit(times, writes)), await this.pass((writes) => submit(times, writes))]
      return Math.min(steadyMs(a), steadyMs(b))
    }
    const once = await least(1)
    return this.query ? once : Math.max(0, (await least(1 + further)) - once) / further
  }

  private emptyMs: number | undefined

  /** What a pass without work takes, by the clock of `steadyMs`. */
  private async empty(): Promise<number> {
    let least = Infinity
    for (let i = 0; i < 5; i++) least = Math.min(least, steadyMs(await this.pass(() => this.gpu.device.queue.submit([]))))
    return least
  }

  /** As `finest`, but the work is done only twice, for slow devices and pieces of work that are long enough. */
  readonly brief: Measure = async (submit) => {
    const once = async () => steadyMs(await this.pass((writes) => submit(1, writes)))
    const ms = Math.min(await once(), await once())
    return this.query ? ms : Math.max(0, ms - (this.emptyMs ??= await this.empty()))
  }
}
