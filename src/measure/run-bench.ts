// Runs a whole benchmark: ceilings, kernels, workloads, and ratios between them.
import type { BenchChoice, BenchKernel, BenchMatrices, BenchRatio, BenchReport, BenchUpdate } from '../config/bench-report'
import type { BenchStep } from '../config/bench-step'
import type { ModelFile } from '../formats/model-file'
import type { Gpu } from '../gpu/gpu'
import { type MatrixShape, triedOn } from '../gpu/matrix-units'
import { type Ceilings, type Rate, copyRate, launchMs, multiplyAddRate, warmUp } from './ceilings'
import { frozen } from './frozen'
import { kernelCases } from './kernels'
import { measureModels } from './models'
import { measureInTurns, measureSteps, planWorkload } from './steps'
import { sweep } from './sweep'
import { type CpuClock, Timer, steadyMs } from './timer'
import { type Workload, memoryGoal, shapes, workloads } from './workloads'

interface BenchOptions extends BenchChoice {
  steps: number
  /** How long all real models may take together; two by default. */
  minutes?: number
  /** Also measure each workload kernel by kernel. */
  split?: boolean
  cpu?: CpuClock
  /** Further workloads, with their models. */
  files?: readonly { workload: Workload; open(): Promise<ModelFile> }[]
  signal?: AbortSignal
  /** Called with what is measured next, the fraction that is done, and the report so far. */
  onUpdate?(update: BenchUpdate): void
}

/** Whether a workload suits the graphics adapter; used if no workloads are chosen by name. */
function suits(w: Workload, gpu: Gpu, extent: BenchChoice['extent']): boolean {
  const quick = extent === 'quick'
  if (w.large) return !quick && !gpu.software
  return !quick || !gpu.software || w.shape === shapes.s260k
}

/** Compares products over packed weights with the same products over f32. */
function packedRatios(kernels: readonly BenchKernel[]): BenchRatio[] {
  const named = (kernel: string) => kernels.find((k) => k.kernel === kernel)
  return ['NF4', 'Q4_0'].flatMap((format) =>
    [
      { product: 'product', bar: 0.9 },
      { product: 'product to the input', bar: 0.85 },
    ].flatMap(({ product, bar }): BenchRatio[] => {
      const [packed, dense] = [named(`${format} ${product}`), named(`F32 ${product}`)]
      if (!packed || !dense) return []
      return [
        { measure: `${format} ${product}, rate against F32`, value: steadyMs(dense) / steadyMs(packed), unit: '×', bar, atMost: false },
      ]
    }),
  )
}

/** Compares a step with the time that its multiply-adds would take at the rate of the best dense product. */
function stepRatio(step: BenchStep, product: Rate): BenchRatio {
  const value = steadyMs(step) / ((step.gflop * 1e9) / product.perMs)
  return { measure: `${step.workload}, step against its FLOPs at the dense product's rate`, value, unit: '×', bar: 1.4, atMost: true }
}

async function memoryRatio(gpu: Gpu): Promise<BenchRatio> {
  const { memory } = await planWorkload(gpu.profile, memoryGoal)
  const measure = `${memoryGoal.name}, ${memoryGoal.batch} × ${memoryGoal.length}, planned bytes`
  return { measure, value: memory.totalBytes / 1e9, unit: 'GB', bar: 0.7, atMost: true }
}

/** The shapes of subgroup matrices that the device lists, where they were tried, and what tuning chose them for. */
function matrixRows({ matrices, profile }: Gpu): BenchMatrices[] | undefined {
  const shape = ({ factors, m, n, k }: MatrixShape) => `${factors}, ${m} × ${n} × ${k}`
  const uses = (form: MatrixShape | undefined, text: string) => form !== undefined && shape(form) === text
  const rows = matrices.map((form): BenchMatrices => {
    const [text, { exact, fast } = {}] = [shape(form), profile.matrices]
    return { shape: text, tried: triedOn(form), exact: uses(exact, text), fast: uses(fast, text) }
  })
  return rows.length ? [...new Map(rows.map((row) => [row.shape, row])).values()] : undefined
}

/** How many numbers `measureCeilings` announces. */
const ceilingsMeasured = 4

/** What the device can do at most, and its best dense product. */
async function measureCeilings(
  gpu: Gpu,
  timer: Timer,
  report: BenchReport,
  next: (what: string) => void,
): Promise<{ ceilings: Ceilings; product: Rate }> {
  next('multiply-adds')
  await warmUp(gpu)
  const multiplyAdd = await multiplyAddRate(gpu, timer)
  next('copy')
  const copy = await copyRate(gpu, timer)
  next('launches')
  const ceilings: Ceilings = { multiplyAdd, copy, launchMs: await launchMs(gpu, timer) }
  next('dense products')
  let product: Rate = { perSecond: 0, perMs: 0 }
  for (const c of kernelCases(gpu).filter(({ kernel }) => /^F32 product( to the input)?$/.test(kernel))) {
    const { gflops, perMs } = await c.run(timer, ceilings)
    if (perMs > product.perMs) product = { perSecond: gflops, perMs }
  }
  report.ceilings = {
    multiplyAddGflops: multiplyAdd.perSecond,
    copyGBps: copy.perSecond,
    matmulGflops: product.perSecond,
    launchUs: ceilings.launchMs * 1000,
  }
  return { ceilings, product }
}

/** Measures everything that was requested. @throws the signal's reason if it is stopped; `onUpdate` has had the report up to then */
export async function runBench(gpu: Gpu, options: BenchOptions): Promise<BenchReport> {
  const { only, signal, onUpdate } = options
  const wanted = (name: string) => only.length === 0 || only.some((part) => name.toLowerCase().includes(part.toLowerCase()))
  const report: BenchReport = { adapter: gpu.name, machine: options.machine, kernels: [], steps: [], ratios: [], splits: [] }
  report.matrices = matrixRows(gpu)
  const timer = new Timer(gpu, options.cpu)
  const cases = kernelCases(gpu).filter((c) => wanted(c.kernel))
  const chosen = (w: Workload) => wanted(`${w.name} ${w.batch} x ${w.length}`)
  const own = (options.files ?? []).filter(({ workload }) => chosen(workload))
  const fitting = workloads.filter((w) => chosen(w) && (only.length > 0 || suits(w, gpu, options.extent)))
  const total = ceilingsMeasured + cases.length + 9 * (own.length + fitting.length)
  let done = 0
  const next = (what: string, weight: number) => {
    onUpdate?.({ what, fraction: done / total, report })
    signal?.throwIfAborted()
    done += weight
  }
  try {
    if (options.extent === 'size') {
      await warmUp(gpu)
      report.sweeps = []
      await sweep(gpu, timer, report.sweeps, { ...options, onProgress: (what, fraction) => onUpdate?.({ what, fraction, report }) })
      return report
    }
    const { ceilings, product } = await measureCeilings(gpu, timer, report, (what) => next(what, 1))
    if (options.extent === 'models') {
      report.models = { measured: [], leftOut: [] }
      const told = (what: string, fraction: number) => {
        onUpdate?.({ what, fraction: 0.1 + 0.9 * fraction, report })
        signal?.throwIfAborted()
      }
      const { cpu, minutes } = options
      await measureModels(gpu, timer, report.models, { ceilings, product, cpu, signal, minutes, next: told })
      return report
    }
    for (const c of cases) {
      next(c.kernel, 1)
      const { perMs: _, ...row } = await c.run(timer, ceilings)
      report.kernels.push(row)
    }
    if (only.length === 0) {
      const measure = 'best dense product against multiply-adds in registers'
      report.ratios.push({ measure, value: product.perMs / ceilings.multiplyAdd.perMs, unit: '×', bar: 0.5, atMost: false })
    }
    report.ratios.push(...packedRatios(report.kernels))
    for (const { workload, file } of [
      ...own.map(({ workload, open }) => ({ workload, file: open })),
      ...fitting.map((workload) => ({ workload, file: undefined })),
    ]) {
      next(workload.name, 4)
      await measureWorkload(gpu, workload, report, timer, { ...options, product, next }, await file?.())
    }
    if (only.length === 0) {
      next(memoryGoal.name, 0)
      report.ratios.push(await memoryRatio(gpu))
    }
    onUpdate?.({ what: '', fraction: 1, report })
    return report
  } finally {
    timer.release()
  }
}

interface Going extends BenchOptions {
  /** The best dense product. */
  product: Rate
  next(what: string, weight: number): void
}

/** Measures a workload's steps and, for LoRA, how much slower they are than the frozen base model alone. */
async function measureWorkload(gpu: Gpu, w: Workload, report: BenchReport, timer: Timer, options: Going, file?: ModelFile): Promise<void> {
  const { steps, cpu, signal } = options
  const { step, split } = await measureSteps(gpu, w, { steps, cpu, signal, file, split: options.split ? timer : undefined })
  report.steps.push(step)
  if (split) report.splits.push(split)
  report.ratios.push({ measure: `${w.name}, host time of a step`, value: step.hostMs, unit: 'ms', bar: 2, atMost: true })
  if (w.method !== 'lora' || w.hostOnly) return
  report.ratios.push(stepRatio(step, options.product))
  if (w.andFast && gpu.profile.f16) {
    options.next(`${w.name}, exact and fast in turns`, 3)
    const { steps: both, gain } = await measureInTurns(gpu, w, { steps, cpu, signal, file })
    report.steps.push(both[1])
    report.ratios.push({ measure: `${w.name}, fast products against exact ones`, value: gain, unit: '×', bar: 1.4, atMost: false })
  }
  if (!w.alone) return
  options.next(`${w.name}, frozen base alone`, 2)
  const alone = await measureSteps(gpu, { ...w, method: frozen.name, settings: {} }, { steps, cpu, signal, file })
  const value = steadyMs(step) / steadyMs(alone.step)
  const measure = `${w.name}, step against frozen forward and backward alone`
  report.ratios.push({ measure, value, unit: '×', bar: 1.15, atMost: true })
}
