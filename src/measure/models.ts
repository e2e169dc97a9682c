// Measures training steps of real models' shapes within a budget of time: first one row of each model, as long as the time allows, then
// four rows. What does not fit is left out and named.
import type { BenchModels, BenchPartName } from '../config/bench-models'
import { bytesText } from '../config/bytes'
import { DeviceError, DeviceLost } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { MicroBatch } from '../data/micro-batch'
import type { Gpu } from '../gpu/gpu'
import type { KernelTime } from '../tensor/program'
import type { Launch } from '../tensor/recorder'
import type { Run } from '../train/run'
import type { Ceilings, Rate } from './ceilings'
import { partOf, partRows } from './parts'
import { precisions } from './precisions'
import { measureSteps, planWorkload } from './steps'
import { type CpuClock, type Timer, steadyMs } from './timer'
import { type Workload, realModels } from './workloads'

/** What models may take, as a share of the whole benchmark's time; the ceilings take the rest. */
const modelsShare = 0.85
/** More would be unkind to a device on which other programs run. */
const mostBytes = 5 * 2 ** 30
/** Steps that are done for one result: two that warm up, two that are measured, and the parts twice. */
const stepsPerResult = 6
/** A guess until a model was measured: how much longer a step takes than its FLOPs at the rate of the best dense product. */
const firstGuess = 1.6
/** Nanoseconds per weight for making, packing and uploading; measured on two cores. */
const loadNs = 15
/** Launches and milliseconds of work that are timed together. */
const [launchesAtOnce, msAtOnce] = [64, 100]

/** What is wanted, the most first. One of the sizes is measured. */
interface Wanted {
  model: Omit<Workload, 'batch' | 'length'>
  precision: (typeof precisions)[number]
  sizes: readonly { batch: number; length: number }[]
}

interface ModelOptions {
  ceilings: Ceilings
  product: Rate
  cpu?: CpuClock
  signal?: AbortSignal
  models?: readonly Wanted['model'][]
  /** Of the whole benchmark. */
  minutes?: number
  /** Called before each model. @throws the signal's reason if it is stopped */
  next(what: string, fraction: number): void
}

function wanted(gpu: Gpu, models: readonly Wanted['model'][]): Wanted[] {
  const offered = precisions.filter((precision) => precision.offered(gpu))
  const all = (batch: number, lengths: readonly number[]): Wanted[] =>
    models.flatMap((model) => offered.map((precision) => ({ model, precision, sizes: lengths.map((length) => ({ batch, length })) })))
  return [...all(1, [512, 128, 32]), ...all(4, [512])]
}

/** Times the parts of a step. The whole is the step's, so what no kernel took is known too. */
async function timeParts(gpu: Gpu, run: Run, batch: MicroBatch, timer: Timer, product: Rate): Promise<Map<BenchPartName, KernelTime>> {
  const { family, file } = run.plan.model.plan
  const head = family.head(file.config)
  const group = (launch: Launch): BenchPartName => partOf(launch, head)
  const timing = { group, atOnce: launchesAtOnce, flopsAtOnce: product.perMs * msAtOnce }
  const micro = await run.session.timeKernels(gpu, batch, timer.brief, timing)
  return new Map([...micro, ...(await run.session.timeUpdate(gpu, timer.brief, timing))])
}

const seconds = (ms: number): string => String(Math.ceil(ms / 1000))

/** Why a planned run is not measured; undefined if it is. */
function reasonAgainst({ memory }: Run, ms: number, leftMs: number): Phrase | undefined {
  if (memory.totalBytes > mostBytes)
    return say`It needs ${bytesText(memory.totalBytes)}. This measurement takes at most ${bytesText(mostBytes)}.`
  if (ms > leftMs) return say`It would take about ${seconds(ms)} seconds, and ${seconds(Math.max(0, leftMs))} are left for it.`
  return undefined
}

class Measuring {
  private readonly start = performance.now()
  private readonly budgetMs: number
  private readonly over: AbortSignal
  private slower = firstGuess

  constructor(
    private readonly gpu: Gpu,
    private readonly timer: Timer,
    private readonly report: BenchModels,
    private readonly options: ModelOptions,
  ) {
    this.budgetMs = Math.ceil((options.minutes ?? 2) * 60_000 * modelsShare)
    this.over = AbortSignal.timeout(this.budgetMs)
  }

  /** Milliseconds until the budget is spent. */
  get leftMs(): number {
    return this.budgetMs - (performance.now() - this.start)
  }

  /** Whether an error ends only the measurement of one model: time is up, or the device refuses it. */
  private reasonOf(error: unknown): Phrase | undefined {
    if (this.options.signal?.aborted || error instanceof DeviceLost) return undefined
    if (this.over.aborted) return say`The time was over before it was measured.`
    return error instanceof DeviceError ? error.phrase : undefined
  }

  /** Measures the largest size that should take at most `mostMs`. The smallest may take all the time that is left. */
  async largest({ model, precision, sizes }: Wanted, mostMs: number): Promise<void> {
    let left: BenchModels['leftOut'][number] | undefined
    for (const size of sizes) {
      const workload = { ...model, ...size, ...precision.of }
      const run = await planWorkload(this.gpu.profile, workload)
      const stepMs = (run.session.flops / this.options.product.perSecond / 1e6) * this.slower
      const ms = stepMs * stepsPerResult + (run.memory.totalParameters * loadNs) / 1e6
      const allowedMs = size === sizes[sizes.length - 1] ? this.leftMs : mostMs
      const reason = reasonAgainst(run, ms, allowedMs) ?? (await this.measured(workload, precision.name, run))
      if (!reason) return
      left = { workload: model.name, precision: precision.name, ...size, reason }
    }
    if (left) this.report.leftOut.push(left)
  }

  /** Measures a planned workload. Returns why that was not possible, if it was not. */
  private async measured(workload: Workload, precision: string, run: Run): Promise<Phrase | undefined> {
    const { gpu, timer, options } = this
    const { ceilings, product, cpu } = options
    const signal = AbortSignal.any([this.over, ...(options.signal ? [options.signal] : [])])
    let parts = new Map<BenchPartName, KernelTime>()
    const also = async (_: Run, batch: MicroBatch): Promise<void> => {
      parts = await timeParts(gpu, run, batch, timer, product)
    }
    try {
      const { step } = await measureSteps(gpu, workload, { steps: 2, cpu, signal, run, also })
      const share = step.gflop / (product.perMs * steadyMs(step)) / 1e-9
      const rows = partRows(parts, steadyMs(step), ceilings, product)
      this.slower = 1 / share
      this.report.measured.push({ ...step, precision, share, clock: timer.clock, parts: rows })
      return undefined
    } catch (error) {
      const reason = this.reasonOf(error)
      if (!reason) throw error
      return reason
    }
  }
}

/** Adds what was measured to `report`. @throws the signal's reason if it is stopped */
export async function measureModels(gpu: Gpu, timer: Timer, report: BenchModels, options: ModelOptions): Promise<void> {
  const measuring = new Measuring(gpu, timer, report, options)
  const list = wanted(gpu, options.models ?? realModels)
  // One row of every model comes before four rows of any, so each has its part of the time.
  for (const [i, one] of list.entries()) {
    options.next(one.model.name, i / list.length)
    await measuring.largest(one, measuring.leftMs / Math.max(1, rowsLeft(list, i)))
  }
}

/** How many models of as many rows are still to be measured, this one included. */
const rowsLeft = (list: readonly Wanted[], from: number): number =>
  list.slice(from).filter(({ sizes }) => sizes[0].batch === list[from].sizes[0].batch).length
