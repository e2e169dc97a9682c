// What a comparison of methods shows, on the page and on the command line: its columns, and the table as Markdown or CSV.
import type { TrainingSettings } from './run-config'
import type { RunSummary } from './run-reports'

/** Training settings of a comparison that differ from those of a single run. */
export const comparisonTraining: Partial<TrainingSettings> = { steps: 100, evalEvery: 20 }

export interface ComparisonRow {
  /** A method's name, or `base`. */
  method: string
  /** How the base was held. */
  base: string
  trainableParameters?: number
  /** Of the model's weights. */
  trainableShare?: number
  adapterBytes?: number
  peakGpuBytes?: number
  tokensPerSecond?: number
  seconds?: number
  bestPerplexity?: number
  finalPerplexity?: number
  /** Share of evaluation rows answered exactly. */
  exactMatch?: number
  /** By step: loss of every step, and every evaluation. */
  losses?: { step: number; totalTokens: number; seconds: number; loss: number }[]
  evals?: { step: number; perplexity: number }[]
  /** Why there are no numbers. */
  problem?: string
}

/** What a run that ended says of its method. */
export function summaryRow(summary: RunSummary): Omit<ComparisonRow, 'method' | 'base'> {
  const { memory, elapsedMs } = summary
  return {
    trainableParameters: memory.trainableParameters,
    trainableShare: memory.trainableParameters / memory.totalParameters,
    adapterBytes: summary.adapterBytes,
    peakGpuBytes: summary.peakGpuBytes,
    tokensPerSecond: summary.tokensPerSecond,
    seconds: elapsedMs / 1000,
    bestPerplexity: summary.bestEval?.evalPerplexity,
    finalPerplexity: summary.finalEval?.evalPerplexity,
  }
}

export const comparisonColumns = [
  'method',
  'base',
  'trainableParameters',
  'trainableShare',
  'adapterBytes',
  'peakGpuBytes',
  'tokensPerSecond',
  'seconds',
  'bestPerplexity',
  'finalPerplexity',
  'exactMatch',
] as const satisfies readonly (keyof ComparisonRow)[]
export type ComparisonColumn = (typeof comparisonColumns)[number]

const fixed = (value: number | undefined, digits: number) => value?.toFixed(digits)
const mega = (bytes: number | undefined) => (bytes === undefined ? undefined : `${(bytes / 2 ** 20).toPrecision(3)} MiB`)

const heads: Record<ComparisonColumn, [head: string, shown: (row: ComparisonRow) => string | undefined]> = {
  method: ['method', (r) => r.method],
  base: ['base', (r) => r.base],
  trainableParameters: ['trainable', (r) => r.trainableParameters?.toLocaleString('en')],
  trainableShare: ['share', (r) => (r.trainableShare !== undefined ? `${(r.trainableShare * 100).toPrecision(3)} %` : undefined)],
  adapterBytes: ['adapter bytes', (r) => r.adapterBytes?.toLocaleString('en')],
  peakGpuBytes: ['peak GPU', (r) => mega(r.peakGpuBytes)],
  tokensPerSecond: ['tokens/s', (r) => fixed(r.tokensPerSecond, 0)],
  seconds: ['seconds', (r) => fixed(r.seconds, 1)],
  bestPerplexity: ['best perplexity', (r) => fixed(r.bestPerplexity, 3)],
  finalPerplexity: ['final perplexity', (r) => fixed(r.finalPerplexity, 3)],
  exactMatch: ['exact match', (r) => (r.exactMatch !== undefined ? `${(r.exactMatch * 100).toFixed(1)} %` : undefined)],
}

/** Columns that some row fills. */
export function filledColumns(rows: readonly ComparisonRow[]): ComparisonColumn[] {
  return comparisonColumns.filter((column) => rows.some((row) => row[column] !== undefined))
}

/** A Markdown table; what could not run is said below it. */
export function comparisonMarkdown(rows: readonly ComparisonRow[]): string {
  const used = filledColumns(rows)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [
    line(used.map((c) => heads[c][0])),
    line(used.map((_, i) => (i < 2 ? '---' : '---:'))),
    ...rows.map((row) => line(used.map((c) => heads[c][1](row) ?? '–'))),
  ]
  const problems = rows.filter((r) => r.problem).map((r) => `- ${r.method}: ${r.problem}`)
  return `${[...table, ...(problems.length ? ['', ...problems] : [])].join('\n')}\n`
}

/** The same as CSV (RFC 4180), with bare numbers. */
export function comparisonCsv(rows: readonly ComparisonRow[]): string {
  const quoted = (value: string | number | undefined) =>
    typeof value === 'string' && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value ?? '')
  const used = filledColumns(rows)
  const problems = rows.some((r) => r.problem)
  return [
    [...used.map((c) => heads[c][0]), ...(problems ? ['problem'] : [])],
    ...rows.map((row) => [...used.map((c) => row[c]), ...(problems ? [row.problem] : [])]),
  ]
    .map((cells) => `${cells.map(quoted).join(',')}\r\n`)
    .join('')
}
