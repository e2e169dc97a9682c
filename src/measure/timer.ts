// How long the device takes: its own timestamps where they mean something, else the clock on the wall and the processor's.
import type { Gpu } from '../gpu/gpu'
import type { Measure } from '../tensor/program'

export interface Time {
  ms: number
  /** Processor milliseconds of the process, driver threads too; only where they can be had. */
  cpuMs?: number
}

/** The processor's time where it is known, else the wall's: what shares and ratios are made of, since it hardly depends on what else runs. */
export function steadyMs({ ms, cpuMs }: Time): number {
  return cpuMs ?? ms
}

/** How often short work is done again where handing it over takes as long. */
const further = 4

/** Processor milliseconds since some moment. */
export type CpuClock = () => number

export class Timer {
  private readonly query: { set: GPUQuerySet; resolved: GPUBuffer; read: GPUBuffer } | undefined

  constructor(
    private readonly gpu: Gpu,
    private readonly cpu?: CpuClock,
  ) {
    // A software adapter's work is the processor's own: its clocks say more than its timestamps.
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

  /** What `finest` measures with. */
  get clock(): 'timestamps' | 'processor' | 'wall' {
    return this.query ? 'timestamps' : this.cpu ? 'processor' : 'wall'
  }

  private async stamped(): Promise<number> {
    const { set, resolved, read } = this.query!
    const encoder = this.gpu.device.createCommandEncoder()
    encoder.resolveQuerySet(set, 0, 2, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, read, 0, 16)
    this.gpu.device.queue.submit([encoder.finish()])
    await read.mapAsync(GPUMapMode.READ)
    const [from, to] = new BigUint64Array(read.getMappedRange())
    read.unmap()
    return Number(to - from) / 1e6
  }

  /** Time of one pass from submission to its end, or between its timestamps. */
  async pass(submit: (writes?: GPUComputePassTimestampWrites) => void): Promise<Time> {
    const [start, startCpu] = [performance.now(), this.cpu?.()]
    if (this.query) {
      submit({ querySet: this.query.set, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 })
      return { ms: await this.stamped() }
    }
    submit()
    await this.gpu.device.queue.onSubmittedWorkDone()
    return { ms: performance.now() - start, ...(this.cpu && { cpuMs: this.cpu() - startCpu! }) }
  }

  /** The one number that tells kernels apart best. Without timestamps, handing over and waiting is measured too and taken off. */
  readonly finest: Measure = async (submit) => {
    const least = async (times: number): Promise<number> => {
      const [a, b] = [await this.pass((writes) => submit(times, writes)), await this.pass((writes) => submit(times, writes))]
      return Math.min(steadyMs(a), steadyMs(b))
    }
    const once = await least(1)
    return this.query ? once : Math.max(0, (await least(1 + further)) - once) / further
  }
}
