// What a token costs as one thing grows and all others stay: layers, length, batch, vocabulary, rank; beside what counting says.
import type { BenchSplit, BenchSweep } from '../config/bench-report'
import type { Gpu } from '../gpu/gpu'
import type { KernelWork } from '../tensor/program'
import { measureSteps, planWorkload } from './steps'
import { type CpuClock, type Timer, steadyMs } from './timer'
import { type Workload, plainShape } from './workloads'

/** Small enough that all sweeps together take less than a minute or two. */
function middleOf(gpu: Gpu): Workload {
  const [hidden, layers, vocab, batch, length] = gpu.software ? [128, 4, 2048, 2, 128] : [1024, 8, 16_384, 4, 512]
  const heads = hidden / 32
  return {
    name: 'sweep',
    shape: { ...plainShape(layers, hidden, hidden * 3, heads, vocab), context: 8192 },
    batch,
    length,
    method: 'lora',
    settings: { r: 8, alpha: 16 },
    base: 'nf4',
  }
}

interface Axis {
  axis: BenchSweep['axis']
  values(w: Workload): readonly number[]
  at(w: Workload, value: number): Workload
}

const doubled = (from: number) => [1, 2, 4, 8].map((factor) => from * factor)

const axes: readonly Axis[] = [
  { axis: 'layers', values: () => [2, 4, 8, 16], at: (w, layers) => ({ ...w, shape: { ...w.shape, layers } }) },
  { axis: 'length', values: (w) => doubled(w.length / 2), at: (w, length) => ({ ...w, length }) },
  { axis: 'batch', values: () => [1, 2, 4, 8], at: (w, batch) => ({ ...w, batch }) },
  { axis: 'vocabulary', values: (w) => doubled(w.shape.vocab / 2), at: (w, vocab) => ({ ...w, shape: { ...w.shape, vocab } }) },
  { axis: 'rank', values: () => [4, 8, 16, 32, 64], at: (w, r) => ({ ...w, settings: { ...w.settings, r } }) },
]

/** What a kernel's time is in proportion to: multiply-adds, or values moved where it makes none. */
function amount({ flops, workgroups }: KernelWork): number {
  return flops || workgroups
}

async function workOf(gpu: Gpu, w: Workload): Promise<Map<string, KernelWork>> {
  return (await planWorkload(gpu.profile, w)).session.work(w.length)
}

/**
 * Milliseconds of a step by counting: the work of each kernel at its rate in the middle. What no kernel of the micro-batch takes
 * there (the update, handing over) is added as it is. A kernel that the middle does not use counts as nothing.
 */
export function countedMs(work: Map<string, KernelWork>, middleWork: Map<string, KernelWork>, middleMs: number, split: BenchSplit): number {
  let [ms, kernels] = [0, 0]
  for (const row of split.rows) {
    kernels += row.ms
    const [here, there] = [work.get(row.kernel), middleWork.get(row.kernel)]
    if (here && there) ms += (row.ms * amount(here)) / amount(there)
  }
  return ms + middleMs - kernels
}

interface SweepOptions {
  steps: number
  /** The point that all sweeps go through; one that suits the adapter unless given. */
  middle?: Workload
  cpu?: CpuClock
  signal?: AbortSignal
  /** What is measured next, and how much is behind. */
  onProgress?(what: string, fraction: number): void
}

/** LoRA steps over NF4 along each axis. Each finished axis is added to `sweeps`. @throws the signal's reason where it is stopped */
export async function sweep(
  gpu: Gpu,
  timer: Timer,
  sweeps: BenchSweep[],
  { steps, middle: w = middleOf(gpu), cpu, signal, onProgress }: SweepOptions,
): Promise<void> {
  const total = 1 + axes.reduce((sum, { values }) => sum + values(w).length, 0)
  let done = 0
  const next = (what: string) => {
    onProgress?.(what, done++ / total)
    signal?.throwIfAborted()
  }
  next('kernels')
  const { step: base, split } = await measureSteps(gpu, w, { steps, cpu, signal, split: timer })
  const baseWork = await workOf(gpu, w)
  for (const { axis, values, at } of axes) {
    const rows: BenchSweep['rows'] = []
    for (const value of values(w)) {
      next(`${axis} ${value}`)
      const { step } = await measureSteps(gpu, at(w, value), { steps, cpu, signal })
      const tokens = step.batch * step.length
      const { ms, cpuMs, dispatches, peakBytes } = step
      rows.push({
        value,
        msPerToken: ms / tokens,
        ...(cpuMs !== undefined && { cpuMsPerToken: cpuMs / tokens }),
        countedMsPerToken: countedMs(await workOf(gpu, at(w, value)), baseWork, steadyMs(base), split!) / tokens,
        mflopPerToken: (step.gflop * 1000) / tokens,
        gflopPerSteadySecond: step.gflop / (steadyMs(step) / 1000),
        dispatches,
        peakBytes,
      })
    }
    sweeps.push({ axis, rows })
  }
  onProgress?.('', 1)
}
