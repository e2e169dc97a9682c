// The results of a benchmark, and their tables in Markdown, for the page and the command line.
import { type BenchModels, modelTables } from './bench-models'
import type { BenchStep } from './bench-step'
import { type BenchTable, markdownTable, mib, short, unknown } from './bench-table'
import { type Phrase, say, sentence } from './phrase'

/** The highest rates that the GPU reaches, measured in the same run. */
export interface BenchCeilings {
  /** f32 multiply-adds × 2 per second, with values in registers only. */
  multiplyAddGflops: number
  /** Bytes read and written per second by a kernel that copies 4-vectors. */
  copyGBps: number
  /** The fastest of the dense f32 products. */
  matmulGflops: number
  /** Microseconds of a launch without work that waits for the one before it. */
  launchUs: number
}

export interface BenchKernel {
  kernel: string
  shape: string
  ms: number
  /** Processor milliseconds, including driver threads, if they can be measured. */
  cpuMs?: number
  gflops: number
  /** The fewest bytes that must be read and written, per second. */
  gbps: number
  /** Share of the ceiling that limits it, by processor time if that is known. */
  share: number
  bound: 'arithmetic' | 'memory'
}

/** A measure with a goal: at most the bar, or at least. By processor time if that is known. */
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
  /** What measured the times. */
  clock: 'timestamps' | 'processor' | 'wall'
  rows: { kernel: string; launches: number; ms: number; gflops: number }[]
}

/** Cost of a token as one thing grows. */
export interface BenchSweep {
  axis: 'layers' | 'length' | 'batch' | 'vocabulary' | 'rank'
  rows: {
    value: number
    msPerToken: number
    cpuMsPerToken?: number
    /** The cost of a token if each kernel did its work at this size at its middle rate of all sweeps; in processor milliseconds if these
     * are known. */
    countedMsPerToken: number
    /** Multiply-adds × 2 of the recorded step, in units of 10⁶. */
    mflopPerToken: number
    /** Per second of processor time if that is known, otherwise of wall time. */
    gflopPerSteadySecond: number
    dispatches: number
    peakBytes: number
  }[]
}

/** A shape of subgroup matrices that the adapter lists, with sums in f32. */
export interface BenchMatrices {
  shape: string
  /** Where our kernels gave the right results with it; absent = nowhere yet. */
  tried?: Phrase
  /** The products for which tuning chose it. */
  exact: boolean
  fast: boolean
}

export interface BenchReport {
  adapter: string
  /** Processor, program and commit, as far as they are known. */
  machine: string
  ceilings?: BenchCeilings
  /** Absent if the adapter lists none. */
  matrices?: BenchMatrices[]
  kernels: BenchKernel[]
  steps: BenchStep[]
  ratios: BenchRatio[]
  splits: BenchSplit[]
  sweeps?: BenchSweep[]
  models?: BenchModels
}

/** Milliseconds, and processor milliseconds if they are known. */
const times = (t: { ms: number; cpuMs?: number }) => [short(t.ms), t.cpuMs === undefined ? unknown : short(t.cpuMs)]

const ceilingTable = (c: BenchCeilings): BenchTable => ({
  title: say`What this adapter can do`,
  head: ['measure', 'rate'],
  rows: [
    ['multiply-adds in registers', `${short(c.multiplyAddGflops)} GFLOP/s`],
    ['copying by a kernel', `${short(c.copyGBps)} GB/s`],
    ['best dense product', `${short(c.matmulGflops)} GFLOP/s`],
    ['a launch without work', `${short(c.launchUs)} µs`],
  ],
  words: 1,
})

const matrixTable = (rows: readonly BenchMatrices[]): BenchTable => ({
  title: say`Subgroup matrices`,
  head: ['shape', 'tried on', 'used for'],
  rows: rows.map(({ shape, tried, exact, fast }) => [
    shape,
    tried ?? say`no adapter yet`,
    exact && fast ? say`exact and fast products` : exact ? say`exact products` : fast ? say`fast products` : unknown,
  ]),
  words: 3,
})

const kernelTable = (rows: readonly BenchKernel[]): BenchTable => ({
  title: say`Kernels`,
  head: ['kernel', 'shape', 'ms', 'CPU ms', 'GFLOP/s', 'GB/s', 'of its ceiling'],
  rows: rows.map((k) => [k.kernel, k.shape, ...times(k), short(k.gflops), short(k.gbps), `${(k.share * 100).toFixed(1)} % ${k.bound}`]),
  words: 2,
})

const stepTable = (rows: readonly BenchStep[]): BenchTable => ({
  title: say`Optimizer steps`,
  head: [
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
    'first ms',
  ],
  rows: rows.map((s) => [
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
    s.firstMs.toFixed(0),
  ]),
  words: 1,
})

const ratioTable = (rows: readonly BenchRatio[]): BenchTable => ({
  title: say`Goals`,
  head: ['measure', 'here', 'goal'],
  rows: rows.map((r) => [r.measure, `${short(r.value)} ${r.unit}`, `${r.atMost ? '≤' : '≥'} ${r.bar} ${r.unit}`]),
  words: 1,
})

function splitTable({ workload, clock, rows }: BenchSplit): BenchTable {
  const unit = { timestamps: 'GPU ms', processor: 'CPU ms', wall: 'ms' }[clock]
  return {
    title: say`${workload}: one micro-batch by kernel`,
    head: ['kernel', 'launches', unit, 'GFLOP/s'],
    rows: rows.map((k) => [k.kernel, String(k.launches), short(k.ms), short(k.gflops)]),
    words: 1,
  }
}

const sweepTitles: Record<BenchSweep['axis'], Phrase> = {
  layers: say`Cost of a token with layers`,
  length: say`Cost of a token with length`,
  batch: say`Cost of a token with batch`,
  vocabulary: say`Cost of a token with vocabulary`,
  rank: say`Cost of a token with rank`,
}

/** The measured value in charts of a sweep. */
export function sweepMs(row: BenchSweep['rows'][number]): number {
  return row.cpuMsPerToken ?? row.msPerToken
}

export function sweepTitle({ axis }: BenchSweep): Phrase {
  return sweepTitles[axis]
}

/** The unit of the values in charts of a sweep. */
export function sweepUnit({ rows }: BenchSweep): 'CPU ms' | 'ms' {
  return rows.some((r) => r.cpuMsPerToken !== undefined) ? 'CPU ms' : 'ms'
}

function sweepTable(s: BenchSweep): BenchTable {
  const { axis, rows } = s
  const unit = sweepUnit(s)
  return {
    title: sweepTitle(s),
    head: [
      axis,
      'ms/token',
      'CPU ms/token',
      `counted ${unit}`,
      'MFLOP/token',
      `GFLOP/${unit.replace('ms', 's')}`,
      'dispatches',
      'peak MiB',
    ],
    rows: rows.map((r) => [
      String(r.value),
      short(r.msPerToken),
      r.cpuMsPerToken === undefined ? unknown : short(r.cpuMsPerToken),
      short(r.countedMsPerToken),
      short(r.mflopPerToken),
      short(r.gflopPerSteadySecond),
      String(r.dispatches),
      mib(r.peakBytes),
    ]),
    words: 0,
  }
}

/** The table without columns that have no value (a page cannot measure processor time). */
function known({ title, head, rows, words }: BenchTable): BenchTable {
  const kept = head.flatMap((_, i) => (rows.every((cells) => cells[i] === unknown) ? [] : [i]))
  const pick = <T>(cells: readonly T[]) => kept.map((i) => cells[i])
  return { title, head: pick(head), rows: rows.map(pick), words }
}

/** Everything that was measured so far. */
export function benchTables(report: BenchReport): BenchTable[] {
  const tables = [
    ...(report.models ? modelTables(report.models) : []),
    ...(report.ceilings ? [ceilingTable(report.ceilings)] : []),
    ...(report.matrices ? [matrixTable(report.matrices)] : []),
    ...(report.kernels.length ? [kernelTable(report.kernels)] : []),
    ...(report.steps.length ? [stepTable(report.steps)] : []),
    ...(report.ratios.length ? [ratioTable(report.ratios)] : []),
    ...report.splits.map(splitTable),
    ...(report.sweeps ?? []).map(sweepTable),
  ]
  return tables.map(known)
}

/** A sweep as a Mermaid chart, which GitHub and others draw: bars are measured, the line is counted. */
function sweepChart(s: BenchSweep): string {
  const list = (values: readonly (number | string)[]) => `[${values.join(', ')}]`
  return [
    '```mermaid',
    'xychart-beta',
    `  title "${sentence(sweepTitle(s))}: bars measured, line counted"`,
    `  x-axis "${s.axis}" ${list(s.rows.map((r) => `"${r.value}"`))}`,
    `  y-axis "${sweepUnit(s)} a token" 0 --> ${short(1.1 * Math.max(...s.rows.flatMap((r) => [sweepMs(r), r.countedMsPerToken])))}`,
    `  bar ${list(s.rows.map((r) => short(sweepMs(r))))}`,
    `  line ${list(s.rows.map((r) => short(r.countedMsPerToken)))}`,
    '```',
  ].join('\n')
}

/** The tables in Markdown, under the name of the GPU, with charts of the sweeps. */
export function benchMarkdown(report: BenchReport): string {
  const tables = benchTables(report).map((table) => `**${sentence(table.title)}**\n\n${markdownTable(table)}`)
  return `${[`${report.adapter}; ${report.machine}`, ...tables, ...(report.sweeps ?? []).map(sweepChart)].join('\n\n')}\n`
}

/** What to measure. */
export interface BenchChoice {
  /** Browser or program, for the report. */
  machine: string
  /** Parts of the names of kernels and workloads; empty = all. */
  only: string[]
  /**
   * `models`: real models' shapes, in two minutes; `quick` leaves out measurements that take minutes; `size` measures only what a token
   * costs as models grow.
   */
  extent: 'models' | 'quick' | 'whole' | 'size'
}

/** Progress of a benchmark. */
export interface BenchUpdate {
  what: string
  fraction: number
  report: BenchReport
}
