// Tests the benchmark on small shapes: every kernel, whole steps, and that the device is left as it was.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BenchSweep } from '../config/bench-report'
import type { Gpu } from '../gpu/gpu'
import { openOwnGpu } from '../testing/device'
import { kernelCases } from './kernels'
import { runBench } from './run-bench'
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
    const row = await c.run(timer, { multiplyAdd: rate, copy: rate })
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
  const [a, b] = [await product.run(device, { multiplyAdd: rate, copy: rate }), await product.run(wall, { multiplyAdd: rate, copy: rate })]
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
  const work = (flops: number, workgroups: number) => ({ indices: [0], flops, workgroups })
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
