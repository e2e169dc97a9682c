// One workload measured: steady training steps after the first ones.
import { existsSync } from 'node:fs'
import { defaults } from '../../config/field'
import { defaultTraining } from '../../config/run-config'
import type { MicroBatch } from '../../data/micro-batch'
import { openModel } from '../../formats/open-model'
import type { Gpu } from '../../gpu/gpu'
import { loadBase, planBase } from '../../models/base-model'
import { methodNamed } from '../../peft/registry'
import { release } from '../../tensor/program'
import { randomModel } from '../../testing/random-model'
import { methodBase } from '../../train/base'
import { planRun, startRun } from '../../train/run'
import { sourcesAt } from '../files'
import type { Workload } from './workloads'

export interface Measured {
  workload: string
  model: 'file' | 'random weights'
  batch: number
  length: number
  msPerStep: number
  tokensPerSecond: number
  /** Multiply-adds × 2 of the recorded step, per second. */
  gflops: number
  dispatches: number
  hostMsPerStep: number
  planBytes: number
  peakBytes: number
  compileMs: number
  /** Processor milliseconds of the process (driver threads too) for a step: steadier than wall time on busy machines. */
  cpuMsPerStep: number
  kernels?: { kernel: string; launches: number; cpuMs: number; gflops: number }[]
}

/** Processor time of this process in milliseconds. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Every position but the last is trained on: as much head as there can be. */
function fullBatch(batch: number, length: number, vocab: number): MicroBatch {
  const ids = Uint32Array.from({ length: batch * length }, (_, i) => (i * 7919 + 13) % vocab)
  const targets = Int32Array.from(ids, (_, i) => ((i + 1) % length ? ids[i + 1] : -1))
  return {
    rows: batch,
    length,
    ids,
    targets,
    positions: ids.map((_, i) => i % length),
    first: new Uint32Array(batch * length),
    supervised: batch * (length - 1),
    tokens: batch * length,
  }
}

async function timed(steps: number, step: (i: number) => Promise<unknown>): Promise<{ best: number; host: number; cpu: number }> {
  let [best, host, cpu] = [Infinity, Infinity, Infinity]
  for (let i = 0; i < steps; i++) {
    const [start, startCpu] = [performance.now(), cpuMs()]
    const done = step(i)
    host = Math.min(host, performance.now() - start)
    await done
    best = Math.min(best, performance.now() - start)
    cpu = Math.min(cpu, cpuMs() - startCpu)
  }
  return { best, host, cpu }
}

/** Milliseconds of the best of `steps` steps, after two that warm up. */
export async function measure(gpu: Gpu, w: Workload, steps: number, kernels = false): Promise<Measured> {
  const file = w.path && existsSync(w.path) ? await openModel(await sourcesAt(w.path)) : randomModel(w.name, w.shape)
  const plan = planBase(file, w.base, gpu.profile.maxBindingBytes)
  await loadBase(gpu, plan)
  const method = methodNamed(w.method)
  const training = defaultTraining({ ...method.training, batchSize: w.batch, maxLength: w.length, checkpointing: w.checkpointing ?? false })
  const settings = defaults(method.fields)
  const run = await planRun({
    profile: gpu.profile,
    model: { file, plan, base: methodBase(plan, undefined), tokenizer: undefined },
    method,
    settings,
    training,
    trainLengths: [w.length],
    evalLengths: [],
    steps,
  })
  gpu.resetPeak()
  const before = performance.now()
  await startRun(gpu, run)
  const compileMs = performance.now() - before
  const batch = fullBatch(w.batch, w.length, file.config.vocab)
  for (let i = 1; i <= 2; i++) await run.session.step(gpu, [batch], 1e-4, i)
  const { best, host, cpu } = await timed(steps, (i) => run.session.step(gpu, [batch], 1e-4, i + 3))
  const out: Measured = {
    workload: w.name,
    model: w.path && existsSync(w.path) ? 'file' : 'random weights',
    batch: w.batch,
    length: w.length,
    msPerStep: best,
    tokensPerSecond: (batch.tokens / best) * 1000,
    gflops: run.session.flops / best / 1e6,
    dispatches: run.session.dispatches,
    hostMsPerStep: host,
    planBytes: run.memory.totalBytes,
    peakBytes: gpu.peakBytes,
    compileMs,
    cpuMsPerStep: cpu,
  }
  if (kernels) {
    const table = await run.session.timeKernels(gpu, batch, cpuMs)
    out.kernels = [...table]
      .map(([kernel, row]) => ({ kernel, launches: row.launches, cpuMs: row.time, gflops: row.flops / row.time / 1e6 }))
      .sort((a, b) => b.cpuMs - a.cpuMs)
  }
  run.session.release(gpu)
  release(gpu, plan.slots)
  return out
}
