// What a comparison of methods shows, as a table in Markdown or CSV.
import type { Conducted } from './conduct'

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
  steps?: number
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

/** The row of a run that ended. */
export function rowOf(done: Conducted, adapterBytes: number): Omit<ComparisonRow, 'method' | 'base'> {
  const perplexities = done.evals.map((e) => e.evalPerplexity)
  return {
    trainableParameters: done.memory.trainableParameters,
    trainableShare: done.memory.trainableParameters / done.memory.totalParameters,
    adapterBytes,
    peakGpuBytes: done.peakGpuBytes,
    tokensPerSecond: done.outcome.tokensPerSecond,
    seconds: done.outcome.elapsedMs / 1000,
    steps: done.outcome.steps,
    bestPerplexity: perplexities.length ? Math.min(...perplexities) : undefined,
    finalPerplexity: perplexities[perplexities.length - 1],
    losses: done.steps.map((s) => ({ step: s.step, totalTokens: s.totalTokens, seconds: s.elapsedMs / 1000, loss: s.loss })),
    evals: done.evals.map((e) => ({ step: e.step, perplexity: e.evalPerplexity })),
    problem: done.outcome.failure?.message,
  }
}

interface Column {
  head: string
  /** Words for people, and the bare value. */
  shown(row: ComparisonRow): string | undefined
  value(row: ComparisonRow): string | number | undefined
}

const fixed = (value: number | undefined, digits: number) => value?.toFixed(digits)
const mega = (bytes: number | undefined) => (bytes === undefined ? undefined : `${(bytes / 2 ** 20).toPrecision(3)} MiB`)

const columns: readonly Column[] = [
  { head: 'method', shown: (r) => r.method, value: (r) => r.method },
  { head: 'base', shown: (r) => r.base, value: (r) => r.base },
  { head: 'trainable', shown: (r) => r.trainableParameters?.toLocaleString('en'), value: (r) => r.trainableParameters },
  {
    head: 'share',
    shown: (r) => (r.trainableShare !== undefined ? `${(r.trainableShare * 100).toPrecision(3)} %` : undefined),
    value: (r) => r.trainableShare,
  },
  { head: 'adapter bytes', shown: (r) => r.adapterBytes?.toLocaleString('en'), value: (r) => r.adapterBytes },
  { head: 'peak GPU', shown: (r) => mega(r.peakGpuBytes), value: (r) => r.peakGpuBytes },
  { head: 'tokens/s', shown: (r) => fixed(r.tokensPerSecond, 0), value: (r) => r.tokensPerSecond },
  { head: 'seconds', shown: (r) => fixed(r.seconds, 1), value: (r) => r.seconds },
  { head: 'best perplexity', shown: (r) => fixed(r.bestPerplexity, 3), value: (r) => r.bestPerplexity },
  { head: 'final perplexity', shown: (r) => fixed(r.finalPerplexity, 3), value: (r) => r.finalPerplexity },
  {
    head: 'exact match',
    shown: (r) => (r.exactMatch !== undefined ? `${(r.exactMatch * 100).toFixed(1)} %` : undefined),
    value: (r) => r.exactMatch,
  },
]

/** Columns that some row fills. */
const filled = (rows: readonly ComparisonRow[]) => columns.filter((c) => rows.some((row) => c.value(row) !== undefined))

/** A Markdown table; what could not run is said below it. */
export function comparisonMarkdown(rows: readonly ComparisonRow[]): string {
  const used = filled(rows)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [
    line(used.map((c) => c.head)),
    line(used.map((_, i) => (i < 2 ? '---' : '---:'))),
    ...rows.map((row) => line(used.map((c) => c.shown(row) ?? '–'))),
  ]
  const problems = rows.filter((r) => r.problem).map((r) => `- ${r.method}: ${r.problem}`)
  return `${[...table, ...(problems.length ? ['', ...problems] : [])].join('\n')}\n`
}

/** The same as CSV (RFC 4180), with bare numbers. */
export function comparisonCsv(rows: readonly ComparisonRow[]): string {
  const quoted = (value: string | number | undefined) =>
    typeof value === 'string' && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value ?? '')
  const used: readonly Pick<Column, 'head' | 'value'>[] = [
    ...filled(rows),
    ...(rows.some((r) => r.problem) ? [{ head: 'problem', value: (r: ComparisonRow) => r.problem }] : []),
  ]
  return [used.map((c) => c.head), ...rows.map((row) => used.map((c) => c.value(row)))]
    .map((cells) => `${cells.map(quoted).join(',')}\r\n`)
    .join('')
}
