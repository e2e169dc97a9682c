// The table of a comparison of methods, for the page and the command line: its columns, and the table as Markdown or CSV.
import { type Column, type Figures, columnsOf, evaluationFigures, stepFiguresIn } from './figures'
import { type FigureKey, plainValue } from './metrics'
import type { TrainingSettings } from './run-config'
import type { RunSummary } from './run-reports'

/** Training settings of a comparison that differ from those of a single run. */
export const comparisonTraining: Partial<TrainingSettings> = { steps: 100, evalEvery: 20 }

/** Facts about a run or about the untouched base, and the figures of metrics. */
export interface ComparisonRow extends Figures {
  /** A method's name, or `base`. */
  method: string
  /** The base precision. */
  base: string
  trainableParameters?: number
  /** Share of the model's weights. */
  trainableShare?: number
  adapterBytes?: number
  peakGpuBytes?: number
  seconds?: number
  /** By step: loss of every step, and every evaluation. */
  losses?: { step: number; totalTokens: number; seconds: number; loss: number }[]
  evals?: { step: number; perplexity?: number }[]
  /** Why there are no numbers. */
  problem?: string
}

/** The row of a run that ended. */
export function summaryRow(summary: RunSummary): Omit<ComparisonRow, 'method' | 'base'> {
  const { memory, elapsedMs } = summary
  return {
    trainableParameters: memory.trainableParameters,
    trainableShare: memory.trainableParameters / memory.totalParameters,
    adapterBytes: summary.adapterBytes,
    peakGpuBytes: summary.peakGpuBytes,
    seconds: elapsedMs / 1000,
    ...stepFiguresIn(summary),
    ...evaluationFigures(summary.finalEval, summary.bestEval),
  }
}

export type ComparisonFact = 'method' | 'base' | 'trainableParameters' | 'trainableShare' | 'adapterBytes' | 'peakGpuBytes' | 'seconds'
export type ComparisonColumn = ComparisonFact | FigureKey

/** A column in Markdown and CSV. */
interface PlainColumn {
  key: ComparisonColumn
  head: string
  /** Writes a number for Markdown. */
  text?: (value: number) => string
}

const { describing, ranking } = columnsOf('comparison')
const plain = ({ figure, metric }: Column): PlainColumn => ({
  key: figure.key,
  head: figure.label.toLowerCase(),
  text: (value) => plainValue(metric, value),
})
const mega = (bytes: number) => `${(bytes / 2 ** 20).toPrecision(3)} MiB`

/** First facts, then figures of the steps and the time that they took, then figures that methods are ranked by. */
const columns: readonly PlainColumn[] = [
  { key: 'method', head: 'method' },
  { key: 'base', head: 'base' },
  { key: 'trainableParameters', head: 'trainable', text: (count) => count.toLocaleString('en') },
  { key: 'trainableShare', head: 'share', text: (share) => `${(share * 100).toPrecision(3)} %` },
  { key: 'adapterBytes', head: 'adapter bytes', text: (bytes) => bytes.toLocaleString('en') },
  { key: 'peakGpuBytes', head: 'peak GPU', text: mega },
  ...describing.map(plain),
  { key: 'seconds', head: 'seconds', text: (seconds) => seconds.toFixed(1) },
  ...ranking.map(plain),
]
export const comparisonColumns: readonly ComparisonColumn[] = columns.map((c) => c.key)

function cell(row: ComparisonRow, { key, text }: PlainColumn): string {
  const value = row[key]
  return typeof value === 'number' ? (text?.(value) ?? String(value)) : (value ?? '–')
}

/** Columns that have a value in some row. */
function filled(rows: readonly ComparisonRow[]): PlainColumn[] {
  return columns.filter(({ key }) => rows.some((row) => row[key] !== undefined))
}

/** A Markdown table. Below it, methods that could not run have their reason. */
export function comparisonMarkdown(rows: readonly ComparisonRow[]): string {
  const used = filled(rows)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [
    line(used.map((c) => c.head)),
    line(used.map((_, i) => (i < 2 ? '---' : '---:'))),
    ...rows.map((row) => line(used.map((c) => cell(row, c)))),
  ]
  const problems = rows.filter((r) => r.problem).map((r) => `- ${r.method}: ${r.problem}`)
  return `${[...table, ...(problems.length ? ['', ...problems] : [])].join('\n')}\n`
}

/** Text that a spreadsheet would run as a formula gets an apostrophe in front: a sentence in a table may quote a file. */
const noFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** The same as CSV (RFC 4180), with bare numbers. */
export function comparisonCsv(rows: readonly ComparisonRow[]): string {
  const quoted = (value: string | number | undefined) => {
    if (typeof value !== 'string') return String(value ?? '')
    const text = noFormula(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const used = filled(rows)
  const problems = rows.some((r) => r.problem)
  return [
    [...used.map((c) => c.head), ...(problems ? ['problem'] : [])],
    ...rows.map((row) => [...used.map((c) => row[c.key]), ...(problems ? [row.problem] : [])]),
  ]
    .map((cells) => `${cells.map(quoted).join(',')}\r\n`)
    .join('')
}
