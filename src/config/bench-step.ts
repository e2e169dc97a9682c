// What a benchmark measures of an optimizer step.

export interface BenchStep {
  workload: string
  model: 'file' | 'random weights'
  batch: number
  length: number
  tokensPerSecond: number
  ms: number
  cpuMs?: number
  /** Multiply-adds × 2 of the recorded step, and their rate. */
  gflop: number
  gflops: number
  dispatches: number
  submits: number
  /** Milliseconds that the host takes to submit a step. */
  hostMs: number
  planBytes: number
  peakBytes: number
  compileMs: number
  /** The first step, in which drivers may compile too. */
  firstMs: number
}
