// What a token costs as one thing grows and all others stay: layers, length, batch, vocabulary, rank.
import type { BenchSweep } from '../../config/bench-report'
import type { Gpu } from '../../gpu/gpu'
import { measureSteps } from './steps'
import { type CpuClock, steadyMs } from './timer'
import type { Workload } from './workloads'

/** The point that all sweeps go through. */
function middle(gpu: Gpu): Workload {
  const [hidden, layers, vocab, batch, length] = gpu.software ? [128, 4, 2048, 2, 128] : [1024, 8, 16_384, 4, 512]
  const heads = hidden / 32
  return {
    name: 'sweep',
    shape: { family: 'llama', layers, hidden, intermediate: hidden * 3, heads, vocab, context: 8192 },
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

export interface SweepOptions {
  steps: number
  cpu?: CpuClock
  signal?: AbortSignal
  onProgress?(what: string, fraction: number): void
}

/** LoRA steps over NF4 along each axis. */
export async function sweep(gpu: Gpu, { steps, cpu, signal, onProgress }: SweepOptions): Promise<BenchSweep[]> {
  const w = middle(gpu)
  const total = axes.reduce((sum, { values }) => sum + values(w).length, 0)
  let done = 0
  const sweeps: BenchSweep[] = []
  for (const { axis, values, at } of axes) {
    const rows: BenchSweep['rows'] = []
    for (const value of values(w)) {
      signal?.throwIfAborted()
      onProgress?.(`${axis} ${value}`, done++ / total)
      const { step } = await measureSteps(gpu, at(w, value), { steps, cpu, signal })
      const tokens = step.batch * step.length
      const { ms, cpuMs, dispatches, peakBytes } = step
      rows.push({
        value,
        msPerToken: ms / tokens,
        ...(cpuMs !== undefined && { cpuMsPerToken: cpuMs / tokens }),
        mflopPerToken: (step.gflop * 1000) / tokens,
        gflopPerSteadySecond: step.gflop / (steadyMs(step) / 1000),
        dispatches,
        peakBytes,
      })
    }
    sweeps.push({ axis, rows })
  }
  onProgress?.('', 1)
  return sweeps
}
