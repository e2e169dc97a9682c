// Steps of real models' shapes on one device: what each part of a step takes, and what limits it.
import type { BenchStep } from './bench-step'
import { type BenchTable, mib, short, unknown } from './bench-table'
import { type Phrase, say } from './phrase'

/** The parts of a step. */
export const benchParts = [
  'products forward',
  'products to the input',
  'head and loss',
  'adapter',
  'attention',
  'norms, activations and sums',
  'optimizer',
  'outside kernels',
] as const
/** What measures the times of parts. */
export const benchClocks = ['timestamps', 'processor', 'wall'] as const
export type BenchPartName = (typeof benchParts)[number]

/** What a part of a step cannot be faster than: the best dense product, copying, or as many launches without work. `host`: no launch. */
export const benchBounds = ['arithmetic', 'memory', 'launches', 'host'] as const
export type BenchBound = (typeof benchBounds)[number]

export interface BenchPart {
  part: BenchPartName
  launches: number
  /** By the clock of the model. */
  ms: number
  gflop: number
  /** The fewest bytes that must be read and written, in units of 10⁹. */
  gb: number
  /** The time that its limit alone would take, divided by its own. */
  share: number
  bound: BenchBound
}

/** A model of random weights, trained with LoRA. */
export interface BenchModel extends BenchStep {
  precision: string
  /** The time of the step's FLOPs at the rate of the best dense product, divided by the step's own. */
  share: number
  /** What measured the times of the parts. */
  clock: (typeof benchClocks)[number]
  /** The longest first. */
  parts: BenchPart[]
}

interface LeftOut extends Pick<BenchModel, 'workload' | 'batch' | 'length' | 'precision'> {
  reason: Phrase
}

export interface BenchModels {
  measured: BenchModel[]
  leftOut: LeftOut[]
}

const partTexts: Record<BenchPartName, Phrase> = {
  'products forward': say`products forward`,
  'products to the input': say`products to the input`,
  'head and loss': say`head and loss`,
  adapter: say`the adapter’s products`,
  attention: say`attention`,
  'norms, activations and sums': say`norms, activations and sums`,
  optimizer: say`optimizer`,
  'outside kernels': say`outside kernels`,
}

const boundTexts: Record<BenchBound, (value: string) => Phrase> = {
  arithmetic: (value) => say`${value} % arithmetic`,
  memory: (value) => say`${value} % memory`,
  launches: (value) => say`${value} % launches`,
  host: () => say`host`,
}

const shareText = ({ share, bound }: BenchPart): Phrase => boundTexts[bound]((share * 100).toFixed(0))

/** Rows and length of a batch. */
export const sizeText = ({ batch, length }: Pick<BenchModel, 'batch' | 'length'>): string => `${batch} × ${length}`

const summary = (models: readonly BenchModel[]): BenchTable => ({
  title: say`Training real models`,
  head: ['workload', 'batch', 'precision', 'tokens/s', 'of the best product', 'ms', 'GFLOP/s', 'host ms', 'dispatches', 'peak MiB', 'compile ms', 'first ms'], // prettier-ignore
  rows: models.map((m) => [
    m.workload,
    sizeText(m),
    m.precision,
    short(m.tokensPerSecond),
    `${(m.share * 100).toFixed(0)} %`,
    short(m.ms),
    short(m.gflops),
    short(m.hostMs),
    String(m.dispatches),
    mib(m.peakBytes),
    m.compileMs.toFixed(0),
    m.firstMs.toFixed(0),
  ]),
  words: 3,
})

/** Per second, of an amount per step; parts outside kernels have none. */
const rate = (amount: number, ms: number): string => (amount ? short((amount / ms) * 1000) : unknown)

function partTable(m: BenchModel): BenchTable {
  const unit = { timestamps: 'GPU ms', processor: 'CPU ms', wall: 'ms' }[m.clock]
  const whole = m.parts.reduce((sum, part) => sum + part.ms, 0)
  return {
    title: say`${m.workload}, ${sizeText(m)}, ${m.precision}: where a step goes`,
    head: ['part', 'of the step', 'of its ceiling', unit, 'launches', 'GFLOP/s', 'GB/s'],
    rows: m.parts.map((p) => [
      partTexts[p.part],
      `${((100 * p.ms) / whole).toFixed(0)} %`,
      shareText(p),
      short(p.ms),
      String(p.launches),
      rate(p.gflop, p.ms),
      rate(p.gb, p.ms),
    ]),
    words: 1,
  }
}

const leftOutTable = (rows: readonly LeftOut[]): BenchTable => ({
  title: say`Not measured`,
  head: ['workload', 'reason', 'batch', 'precision'],
  rows: rows.map((r) => [r.workload, r.reason, sizeText(r), r.precision]),
  words: 4,
})

/** What was measured, then each model's parts, then what was left out. */
export function modelTables({ measured, leftOut }: BenchModels): BenchTable[] {
  return [...(measured.length ? [summary(measured)] : []), ...measured.map(partTable), ...(leftOut.length ? [leftOutTable(leftOut)] : [])]
}
