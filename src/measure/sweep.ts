// Measures the cost of a token while one size grows and the others stay (layers, length, batch, vocabulary, rank), and compares it with the
// cost counted from the work of the kernels.
import type { BenchSplit, BenchSweep } from '../config/bench-report'
import type { Gpu } from '../gpu/gpu'
import type { KernelWork } from '../tensor/program'
import { measureSteps, planWorkload } from './steps'
import { type CpuClock, type Timer, steadyMs } from './timer'
import { type Workload, plainShape } from './workloads'

/** The point at which the axes cross. It is small enough that all sweeps together take at most two minutes. */
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

/** The amount of work that a kernel's time is proportional to: multiply-adds, or workgroups if it has none. */
function amount({ flops, workgroups }: KernelWork): number {
  return flops || workgroups
}

async function workOf(gpu: Gpu, w: Workload): Promise<Map<string, KernelWork>> {
  return (await planWorkload(gpu.profile, w)).session.work(w.length)
}

/**
 * Milliseconds of a step by counting: the work of each kernel divided by its rate at the middle point. The time of that step outside the
 * micro-batch's kernels (the update, submitting) is added unchanged. A kernel that the middle point does not use counts as zero.
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
  /** The point that all sweeps go through; by default one that suits the graphics adapter. */
  middle?: Workload
  cpu?: CpuClock
  signal?: AbortSignal
  /** Called with what is measured next, and the fraction that is done. */
  onProgress?(what: string, fraction: number): void
}

/** Measures LoRA steps over NF4 along each axis. Each finished axis is added to `sweeps`. @throws the signal's reason if it is stopped */
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
