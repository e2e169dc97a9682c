// Tests the benchmark on small shapes: every kernel, whole steps, and that the device is left as it was.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BenchModels } from '../config/bench-models'
import type { BenchSweep } from '../config/bench-report'
import type { Gpu } from '../gpu/gpu'
import { openOwnGpu } from '../testing/device'
import { kernelCases } from './kernels'
import { measureModels } from './models'
import { runBench } from './run-bench'
import { precisions } from './precisions'
import { measureSteps } from './steps'
import { countedMs, sweep } from './sweep'
import { Timer } from './timer'
import type { Workload } from './workloads'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openOwnGpu()
})
afterAll(() => gpu?.destroy())

const sizes = { side: 256, attention: { heads: 2, length: 64, headDim: 16 }, vocab: 512, parameters: 4096 }
const rate = { perSecond: 1, perMs: 1e6 }
const ceilings = { multiplyAdd: rate, copy: rate, launchMs: 1e-3 }
const tiny: Workload = {
  name: 'tiny',
  shape: { family: 'llama', layers: 2, hidden: 32, intermediate: 64, heads: 2, vocab: 64, context: 64 },
  batch: 2,
  length: 16,
  method: 'lora',
  base: 'native',
  stored: 'q4_0',
}

/** One case for each way to record; the other formats differ only in their weights. */
const chosen = /^(F32|Q4_0|NF4 product$|LoRA|attention|RMS norm$|cross|gradient)/

it('kernels have a time, a rate and a share, and free their memory', async () => {
  const timer = new Timer(gpu, () => performance.now())
  const before = gpu.bytes
  const cases = kernelCases(gpu, sizes)
  expect(cases.length).toBeGreaterThan(2 * 13)
  for (const c of cases.filter(({ kernel }) => chosen.test(kernel))) {
    const row = await c.run(timer, ceilings)
    expect(row.ms, c.kernel).toBeGreaterThan(0)
    expect(row.cpuMs, c.kernel).toBeGreaterThan(0)
    expect(row.share, c.kernel).toBeCloseTo(Math.max(row.perMs / rate.perMs, (row.gbps * 1e6 * row.ms) / row.cpuMs! / rate.perMs), 6)
    expect(gpu.bytes, c.kernel).toBe(before)
  }
})

it('timestamps of the device agree with wall time', async (test) => {
  if (!gpu.device.features.has('timestamp-query')) return test.skip('this adapter has no timestamps')
  const hardware = Object.create(gpu, { software: { value: false } }) as Gpu
  const [device, wall] = [new Timer(hardware), new Timer(gpu)]
  expect(device.clock).toBe('timestamps')
  const product = kernelCases(gpu, sizes).find((c) => c.kernel === 'F32 product')!
  const [a, b] = [await product.run(device, ceilings), await product.run(wall, ceilings)]
  device.release()
  // Other programs run at the same time, so only the order of magnitude is certain.
  expect(a.ms / b.ms).toBeGreaterThan(0.05)
  expect(a.ms / b.ms).toBeLessThan(20)
})

it.each(['full', 'lora', 'frozen'])('whole steps of %s', async (method) => {
  const before = gpu.bytes
  const timer = new Timer(gpu)
  const w = method === 'full' ? { ...tiny, stored: undefined } : tiny
  const { step, split } = await measureSteps(gpu, { ...w, method }, { steps: 2, split: timer })
  expect(gpu.bytes).toBe(before)
  expect(step.peakBytes).toBe(step.planBytes)
  expect(step.tokensPerSecond).toBeCloseTo((32 / step.ms) * 1000)
  // Submissions for clearing, the micro-batch, the update, and reading the metrics.
  expect(step.submits).toBeGreaterThanOrEqual(4)
  expect(split!.rows.reduce((sum, row) => sum + row.launches, 0)).toBeLessThan(step.dispatches)
  expect(split!.rows.some((row) => row.kernel.includes('q4_0'))).toBe(method !== 'full')
})

it('real models give the parts of a step and leave out what the time does not allow', async () => {
  const before = gpu.bytes
  const timer = new Timer(gpu, () => performance.now())
  const { batch: _, length: __, ...model } = { ...tiny, shape: { ...tiny.shape, context: 512 }, tables: 'bf16' as const }
  const models = { measured: [], leftOut: [] } as BenchModels
  const told: string[] = []
  const options = { ceilings, product: { perSecond: 1, perMs: 1e6 }, models: [model], next: (what: string) => told.push(what) }
  await measureModels(gpu, timer, models, options)
  const exact = <T extends { precision: string }>(all: readonly T[]) => all.filter(({ precision }) => precision === 'exact')
  expect(told).toHaveLength(2 * precisions.filter(({ offered }) => offered(gpu)).length)
  const [one, four] = exact(models.measured)
  expect([one, four].map(({ batch, length }) => [batch, length])).toEqual([
    [1, 512],
    [4, 512],
  ])
  // As the step's FLOPs at 1e6 per millisecond.
  expect(one.share).toBeCloseTo((one.gflop * 1e9) / 1e6 / one.ms, 6)
  const parts = Object.fromEntries(one.parts.map((part) => [part.part, part]))
  expect(Object.keys(parts)).toEqual(expect.arrayContaining(['products forward', 'products to the input', 'head and loss', 'adapter', 'attention', 'norms, activations and sums', 'optimizer'])) // prettier-ignore
  expect(one.parts.reduce((sum, { launches }) => sum + launches, 0)).toBe(one.dispatches)
  // Forward, the head has hidden × vocabulary weights for each position that is trained on or passed on.
  expect(parts['head and loss'].gflop).toBeGreaterThan((4 * 511 * 32 * 64) / 1e9)
  for (const { ms, share } of one.parts) expect(ms * share).toBeGreaterThanOrEqual(0)

  const none = { measured: [], leftOut: [] } as BenchModels
  await measureModels(gpu, timer, none, { ...options, minutes: 1e-6 })
  expect(none.measured).toEqual([])
  expect(exact(none.leftOut).map(({ batch, length }) => [batch, length])).toEqual([
    [1, 32],
    [4, 512],
  ])
  expect(gpu.bytes).toBe(before)
})

it('sweeps give the measured and the counted cost of a token by size', async () => {
  const before = gpu.bytes
  const sweeps: BenchSweep[] = []
  const timer = new Timer(gpu, () => performance.now())
  const told: number[] = []
  const middle = { ...tiny, settings: { r: 8, alpha: 16 } }
  await sweep(gpu, timer, sweeps, { steps: 1, middle, onProgress: (_, fraction) => told.push(fraction) })
  expect(gpu.bytes).toBe(before)
  expect(told[told.length - 1]).toBe(1)
  expect(sweeps.map((s) => [s.axis, s.rows.map((r) => r.value)])).toEqual([
    ['layers', [2, 4, 8, 16]],
    ['length', [8, 16, 32, 64]],
    ['batch', [1, 2, 4, 8]],
    ['vocabulary', [32, 64, 128, 256]],
    ['rank', [4, 8, 16, 32, 64]],
  ])
  const [layers] = sweeps
  // Every layer counts the same.
  const [two, four, eight, sixteen] = layers.rows.map((r) => r.countedMsPerToken)
  expect((eight - four) / (four - two)).toBeCloseTo(2, 4)
  expect((sixteen - eight) / (four - two)).toBeCloseTo(4, 4)
  for (const { rows } of sweeps) for (const row of rows) expect(row.msPerToken).toBeGreaterThan(0)
})

it('work is counted in multiply-adds, or in workgroups for a kernel without any', () => {
  const work = (flops: number, workgroups: number) => ({ indices: [0], flops, bytes: 0, workgroups })
  const middle = new Map([
    ['product', work(100, 4)],
    ['rope', work(0, 10)],
    ['gone', work(1, 1)],
  ])
  const rows = [
    { kernel: 'product', launches: 1, ms: 5, gflops: 1 },
    { kernel: 'rope', launches: 1, ms: 2, gflops: 0 },
    { kernel: 'gone', launches: 1, ms: 1, gflops: 1 },
  ]
  const here = new Map([
    ['product', work(300, 4)],
    ['rope', work(0, 5)],
    ['new', work(7, 7)],
  ])
  // 15 + 1, and the 2 ms of the step that belong to no kernel.
  expect(countedMs(here, middle, 10, { workload: 'w', clock: 'wall', rows })).toBeCloseTo(18)
})

it('a benchmark that is stopped has reported what it had measured, and holds no memory', async () => {
  const before = gpu.bytes
  const stop = new AbortController()
  const known: number[] = []
  const run = runBench(gpu, {
    machine: 'test',
    only: ['RMS norm'],
    extent: 'quick',
    steps: 1,
    signal: stop.signal,
    onUpdate: ({ report }) => {
      known.push(report.kernels.length)
      if (report.kernels.length === 1) stop.abort(new Error('enough'))
    },
  })
  await expect(run).rejects.toThrow('enough')
  expect(known[known.length - 1]).toBe(1)
  expect(gpu.bytes).toBe(before)
})
