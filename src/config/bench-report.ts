// What a benchmark says, and its tables in Markdown: the same on the page and on the command line.

/** Rates that nothing on the adapter exceeds, measured in the same run. */
export interface BenchCeilings {
  /** f32 multiply-adds × 2 per second, in registers alone. */
  multiplyAddGflops: number
  /** Bytes read and written per second by a kernel that copies 4-vectors. */
  copyGBps: number
  /** The best of the dense f32 products. */
  matmulGflops: number
}

export interface BenchKernel {
  kernel: string
  shape: string
  ms: number
  /** Processor milliseconds, driver threads too, where they can be had. */
  cpuMs?: number
  gflops: number
  /** What must be read and written at least, per second. */
  gbps: number
  /** Of the ceiling that binds it, by processor time where that is known. */
  share: number
  bound: 'arithmetic' | 'memory'
}

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
  /** Milliseconds that the host takes to hand a step over. */
  hostMs: number
  planBytes: number
  peakBytes: number
  compileMs: number
}

/** A measure with a goal: the value shall be at most the bar, or at least. By processor time where that is known. */
export interface BenchRatio {
  measure: string
  value: number
  unit: '×' | 'ms' | 'GB'
  bar: number
  atMost: boolean
}

/** Time by kernel of one micro-batch of a workload. */
export interface BenchSplit {
  workload: string
  /** Where the times come from. */
  clock: 'timestamps' | 'processor' | 'wall'
  rows: { kernel: string; launches: number; ms: number; gflops: number }[]
}

export interface BenchReport {
  adapter: string
  /** Processor, program and commit, as far as they are known. */
  machine: string
  ceilings?: BenchCeilings
  kernels: BenchKernel[]
  steps: BenchStep[]
  ratios: BenchRatio[]
  splits: BenchSplit[]
}

const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1)

/** Three digits, or as many as stand before the point. */
function short(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(1e-9, Math.abs(value)))))
  return value.toFixed(Math.min(4, digits))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Milliseconds, with the processor's where they are known. */
const times = (t: { ms: number; cpuMs?: number }) => [short(t.ms), t.cpuMs === undefined ? '–' : short(t.cpuMs)]

function ceilingsText(c: BenchCeilings): string {
  return `Ceilings: ${short(c.multiplyAddGflops)} GFLOP/s of multiply-adds in registers, ${short(c.copyGBps)} GB/s copied by a kernel. Best dense product: ${short(c.matmulGflops)} GFLOP/s.`
}

const kernelTable = (rows: readonly BenchKernel[]) =>
  table(
    ['kernel', 'shape', 'ms', 'CPU ms', 'GFLOP/s', 'GB/s', 'of its ceiling'],
    rows.map((k) => [k.kernel, k.shape, ...times(k), short(k.gflops), short(k.gbps), `${(k.share * 100).toFixed(1)} % ${k.bound}`]),
  )

const stepTable = (rows: readonly BenchStep[]) =>
  table(
    [
      'workload',
      'batch',
      'tokens/s',
      'ms',
      'CPU ms',
      'GFLOP',
      'GFLOP/s',
      'dispatches',
      'submits',
      'host ms',
      'plan MiB',
      'peak MiB',
      'compile ms',
    ],
    rows.map((s) => [
      s.workload,
      `${s.batch} × ${s.length}`,
      short(s.tokensPerSecond),
      ...times(s),
      short(s.gflop),
      short(s.gflops),
      String(s.dispatches),
      String(s.submits),
      short(s.hostMs),
      mib(s.planBytes),
      mib(s.peakBytes),
      s.compileMs.toFixed(0),
    ]),
  )

const ratioTable = (rows: readonly BenchRatio[]) =>
  table(
    ['measure', 'here', 'bar'],
    rows.map((r) => [r.measure, `${short(r.value)} ${r.unit}`, `${r.atMost ? '≤' : '≥'} ${r.bar} ${r.unit}`]),
  )

function splitText({ workload, clock, rows }: BenchSplit): string {
  const unit = { timestamps: 'GPU ms', processor: 'CPU ms', wall: 'ms' }[clock]
  const lines = rows.map((k) => [k.kernel, String(k.launches), short(k.ms), short(k.gflops)])
  return `${workload}, one micro-batch by kernel:\n\n${table(['kernel', 'launches', unit, 'GFLOP/s'], lines)}`
}

/** Everything that was measured, as Markdown. */
export function benchMarkdown(report: BenchReport): string {
  const parts = [`${report.adapter}; ${report.machine}`]
  if (report.ceilings) parts.push(ceilingsText(report.ceilings))
  if (report.kernels.length) parts.push(kernelTable(report.kernels))
  if (report.steps.length) parts.push(stepTable(report.steps))
  if (report.ratios.length) parts.push(ratioTable(report.ratios))
  parts.push(...report.splits.map(splitText))
  return `${parts.join('\n\n')}\n`
}
