// Measures one workload: whole optimizer steps in steady state.
import type { BenchSplit } from '../config/bench-report'
import type { BenchStep } from '../config/bench-step'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import type { MicroBatch } from '../data/micro-batch'
import type { ModelFile } from '../formats/model-file'
import type { Gpu } from '../gpu/gpu'
import type { Profile } from '../gpu/profile'
import { loadBase } from '../models/base-model'
import { randomModel } from '../models/random-model'
import { methodNamed } from '../peft/registry'
import { kernelName, release } from '../tensor/program'
import { type LoadedModel, planModel } from '../peft/loaded-model'
import { type Run, planRun, startRun } from '../train/run'
import { frozen } from './frozen'
import { type CpuClock, type Timer, steadyMs } from './timer'
import type { Workload } from './workloads'

interface StepOptions {
  /** Number of measured steps, after the warm-up steps. */
  steps: number
  cpu?: CpuClock
  /** A model from a file, instead of random weights. */
  file?: ModelFile
  /** Also measure one micro-batch kernel by kernel. */
  split?: Timer
  /** The workload as a run, if it was planned before. */
  run?: Run
  /** Called after the steps, while the run is still on the device. */
  also?(run: Run, batch: MicroBatch): Promise<void>
  signal?: AbortSignal
}

/** If a step is slower than this, there is one warm-up step instead of two. */
const slowMs = 3000

/** A micro-batch in which every position except the last is trained on, so that the head has as much work as possible. */
export function fullBatch(batch: number, length: number, vocab: number): MicroBatch {
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

/** The workload's model from `file`, or with random weights; nothing is allocated. */
function modelOf(profile: Profile, w: Workload, file?: ModelFile): LoadedModel {
  const { name, shape, stored: format, tables } = w
  return planModel(file ?? randomModel(name, shape, { format, tables, bare: true }), w.base, profile.maxBindingBytes)
}

/** Plans the workload as a run, without allocating. */
export async function planWorkload(profile: Profile, w: Workload, model = modelOf(profile, w)): Promise<Run> {
  const method = w.method === frozen.name ? frozen : methodNamed(w.method)
  return planRun({
    profile,
    model,
    method,
    settings: { ...defaults(method.fields), ...w.settings },
    training: defaultTraining({
      ...method.training,
      batchSize: w.batch,
      maxLength: w.length,
      checkpointing: w.checkpointing ?? false,
      precision: w.precision ?? 'exact',
    }),
    trainLengths: [w.length],
    evalLengths: [],
    steps: 1,
  })
}

/** The number of queue.submit calls during `call`. */
async function submitsOf(gpu: Gpu, call: () => Promise<unknown>): Promise<number> {
  const { queue } = gpu.device
  const submit = queue.submit.bind(queue)
  let calls = 0
  Object.defineProperty(queue, 'submit', {
    configurable: true,
    value: (buffers: Iterable<GPUCommandBuffer>) => {
      calls++
      return submit(buffers)
    },
  })
  try {
    await call()
  } finally {
    Reflect.deleteProperty(queue, 'submit')
  }
  return calls
}

/** The best wall, host and processor milliseconds of `steps` calls. */
async function timed(steps: number, cpu: CpuClock | undefined, signal: AbortSignal | undefined, step: () => Promise<unknown>) {
  let [ms, hostMs, cpuMs] = [Infinity, Infinity, Infinity]
  for (let i = 0; i < steps; i++) {
    signal?.throwIfAborted()
    const [start, startCpu] = [performance.now(), cpu?.() ?? 0]
    const done = step()
    hostMs = Math.min(hostMs, performance.now() - start)
    await done
    ms = Math.min(ms, performance.now() - start)
    cpuMs = Math.min(cpuMs, (cpu?.() ?? 0) - startCpu)
  }
  return { ms, hostMs, ...(cpu && { cpuMs }) }
}

async function splitOf(gpu: Gpu, run: Run, batch: MicroBatch, name: string, timer: Timer): Promise<BenchSplit> {
  const table = await run.session.timeKernels(gpu, batch, timer.finest, { group: kernelName })
  const rows = [...table].map(([kernel, { launches, ms, flops }]) => ({ kernel, launches, ms, gflops: flops / ms / 1e6 }))
  return { workload: name, clock: timer.clock, rows: rows.sort((a, b) => b.ms - a.ms) }
}

/** Measures a workload whose base is loaded. `before`: bytes on the device without the base. */
async function measureLoaded(
  gpu: Gpu,
  w: Workload,
  model: LoadedModel,
  before: number,
  options: StepOptions,
): Promise<{ step: BenchStep; split?: BenchSplit }> {
  gpu.resetPeak()
  const run = options.run ?? (await planWorkload(gpu.profile, w, model))
  const compiling = performance.now()
  await startRun(gpu, run)
  const compileMs = performance.now() - compiling
  try {
    const batch = fullBatch(w.batch, w.length, model.file.config.vocab)
    let steps = 0
    const step = async () => {
      const { finite, loss, gradNorm } = await run.session.step(gpu, [batch], 1e-4, ++steps)
      if (!finite)
        throw new Error(
          `${w.name}: expected a finite loss and gradient, got a loss of ${loss} and a gradient norm of ${gradNorm}. This is a mistake in TabTune; please report it.`,
        )
    }
    const first = performance.now()
    await step()
    const firstMs = performance.now() - first
    if (firstMs < slowMs) await step()
    const best = await timed(options.steps, options.cpu, options.signal, step)
    const submits = await submitsOf(gpu, step)
    const gflop = run.session.flops / 1e9
    await options.also?.(run, batch)
    return {
      step: {
        workload: w.name,
        model: options.file ? 'file' : 'random weights',
        batch: w.batch,
        length: w.length,
        tokensPerSecond: (batch.tokens / best.ms) * 1000,
        ...best,
        gflop,
        gflops: (gflop / best.ms) * 1000,
        dispatches: run.session.dispatches,
        submits,
        planBytes: run.memory.totalBytes,
        peakBytes: gpu.peakBytes - before,
        compileMs,
        firstMs,
      },
      ...(options.split && { split: await splitOf(gpu, run, batch, w.name, options.split) }),
    }
  } finally {
    run.session.release(gpu)
  }
}

/** Loads the base of a workload for `use`. Frees all its memory on the device, even if it throws. */
async function withBase<T>(
  gpu: Gpu,
  w: Workload,
  options: StepOptions,
  use: (model: LoadedModel, before: number) => Promise<T>,
): Promise<T> {
  const before = gpu.bytes
  const model = options.run?.plan.model ?? modelOf(gpu.profile, w, options.file)
  await loadBase(gpu, model.plan, undefined, options.signal)
  try {
    return await use(model, before)
  } finally {
    release(gpu, model.plan.slots)
  }
}

/** Measures the best of `steps` optimizer steps. Frees all its memory on the device, even if it throws. */
export function measureSteps(gpu: Gpu, w: Workload, options: StepOptions): Promise<{ step: BenchStep; split?: BenchSplit }> {
  return withBase(gpu, w, options, (model, before) => measureLoaded(gpu, w, model, before, options))
}

/** How often exact and fast products take turns. */
const rounds = 3

/**
 * Measures a workload with exact and with fast products in turns, since the speed of a machine varies between minutes. `steps`: the best of
 * each; `gain`: the median over the turns of exact time / fast time.
 */
export function measureInTurns(gpu: Gpu, w: Workload, options: StepOptions): Promise<{ steps: BenchStep[]; gain: number }> {
  const forms: readonly Workload[] = [w, { ...w, name: `${w.name} fast`, precision: 'fast' }]
  return withBase(gpu, w, options, async (model, before) => {
    const turns: BenchStep[][] = []
    for (let round = 0; round < rounds; round++) {
      const turn: BenchStep[] = []
      for (const form of forms) turn.push((await measureLoaded(gpu, form, model, before, options)).step)
      turns.push(turn)
    }
    const gains = turns.map(([exact, fast]) => steadyMs(exact) / steadyMs(fast)).sort((a, b) => a - b)
    const best = (form: number) => turns.map((turn) => turn[form]).reduce((a, b) => (steadyMs(b) < steadyMs(a) ? b : a))
    return { steps: forms.map((_, form) => best(form)), gain: gains[Math.floor(rounds / 2)] }
  })
}
