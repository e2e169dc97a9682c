// A report of a benchmark, as a browser might make it.
import type { BenchModel } from '../config/bench-models'
import type { BenchReport } from '../config/bench-report'
import { say } from '../config/phrase'

export const madeModel: BenchModel = {
  workload: 'smollm2-135m LoRA NF4',
  model: 'random weights',
  precision: 'exact',
  batch: 1,
  length: 128,
  tokensPerSecond: 64,
  ms: 2000,
  gflop: 60,
  gflops: 30,
  dispatches: 2136,
  submits: 5,
  hostMs: 8.123456,
  planBytes: 2 ** 28,
  peakBytes: 2 ** 28,
  compileMs: 900,
  firstMs: 3000,
  share: 0.75,
  clock: 'wall',
  parts: [
    { part: 'products forward', launches: 210, ms: 1500, gflop: 50, gb: 1, share: 0.83, bound: 'arithmetic' },
    { part: 'outside kernels', launches: 0, ms: 500, gflop: 0, gb: 0, share: 1, bound: 'host' },
  ],
}
export const madeReport: BenchReport = {
  adapter: 'apple metal-3',
  machine: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
  ceilings: { multiplyAddGflops: 100, copyGBps: 5, matmulGflops: 40, launchUs: 3.5 },
  kernels: [],
  steps: [],
  ratios: [],
  splits: [],
  models: {
    measured: [madeModel],
    leftOut: [{ workload: 'llama-3.2-1b LoRA NF4', precision: 'exact', batch: 1, length: 32, reason: say`It would take ${9} seconds` }],
  },
}
