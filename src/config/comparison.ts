// The table of a comparison, for the page and the command line: its rows, and its columns. docs/comparisons.md has the rules.
import { csv } from './csv'
import { type Column, type Figures, columnsOf, evaluationFigures, stepFiguresIn } from './figures'
import { type FigureKey, plainValue } from './metrics'
import { type Phrase, sentence } from './phrase'
import type { TrainingSettings } from './run-config'
import type { EvalText, RunSummary } from './run-reports'

/** Held-out rows of an evaluation in a comparison. They are the same for every run, whatever its settings. */
export const comparedRows = 200

/** Training settings of a comparison that differ from those of a single run. */
export const comparisonTraining: Partial<TrainingSettings> = { steps: 100, evalEvery: 20, evalRows: comparedRows }

/** A figure of the answers to the held-out rows. */
export interface RowScore {
  key: string
  label: string
  form: 'share' | 'value'
  value: number
  /** The 95 % interval. Means over several seeds have none. */
  interval?: readonly [number, number]
}

/** Facts about a run or about the untouched base, and the figures of metrics. */
export interface ComparisonRow extends Figures {
  /** A method's name, `base`, or `answers` for those of another model. */
  method: string
  /** What sets the row apart from others of the same method: `LoRA r 16, seed 2`. */
  variant?: string
  /** The name that repetitions with other seeds share. */
  group?: string
  /** The model, where there are several. */
  model?: string
  /** The base precision. */
  base: string
  /** The task description, where it is varied. Rows are compared with the base that is asked in the same way. */
  task?: string
  trainableParameters?: number
  /** Share of the model's weights. */
  trainableShare?: number
  adapterBytes?: number
  peakGpuBytes?: number
  seconds?: number
  /** Perplexity per character of the held-out answers, which does not depend on the tokenizer. */
  characterPerplexity?: number
  /** Perplexity on the second file, which the model should still know. */
  retainedPerplexity?: number
  spikes?: number
  spikeHeight?: number
  /** Final perplexity minus the best one. */
  finalMinusBest?: number
  /** Seconds of training until a chosen perplexity. */
  secondsToTarget?: number
  /** What the run lowered the held-out loss by, as a share of what full fine-tuning did. */
  gainShare?: number
  scores?: readonly RowScore[]
  /** Set in the mean of several seeds: how many, and the standard deviation of each column. */
  seeds?: number
  spread?: Readonly<Record<string, number>>
  /** By step: loss of every step, and every evaluation. */
  losses?: { step: number; totalTokens: number; seconds: number; loss: number }[]
  evals?: { step: number; seconds: number; perplexity?: number }[]
  /** Why there are no numbers. */
  problem?: string
  /** What a reader should know about the numbers. */
  notes?: readonly Phrase[]
}

/** exp(loss in nats of all trained tokens / their characters). */
export function characterPerplexity(evalLoss: number | undefined, text: EvalText | undefined): number | undefined {
  if (evalLoss === undefined || !text || text.characters === 0) return undefined
  return Math.exp((evalLoss * text.tokens) / text.characters)
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

/** Columns that every table has, and those that it has if a row has a value in them. */
const usualFacts = ['method', 'base', 'trainableParameters', 'trainableShare', 'adapterBytes', 'peakGpuBytes', 'seconds'] as const
const furtherFacts = [
  'variant',
  'model',
  'characterPerplexity',
  'retainedPerplexity',
  'spikes',
  'spikeHeight',
  'finalMinusBest',
  'secondsToTarget',
  'gainShare',
] as const
export type ComparisonFact = (typeof usualFacts)[number] | (typeof furtherFacts)[number]
export type ComparisonColumn = ComparisonFact | FigureKey | `score.${string}`

/** How the numbers of a column are written. */
type CellForm = 'count' | 'share' | 'bytes' | 'memory' | 'seconds' | 'perplexity' | 'value'

/** A column of a table. */
export interface TableColumn {
  key: ComparisonColumn
  /** Its head in Markdown and CSV. */
  head: string
  /** Absent for words. */
  form?: CellForm
  /** The metric that it shows a figure of. */
  metric?: Column['metric']
  /** A score has its interval beside it. */
  score?: Pick<RowScore, 'label' | 'form'>
  better?: 'lower' | 'higher'
  /** It has the same value for every seed. */
  fixed?: boolean
  always?: boolean
}

const { describing, ranking } = columnsOf('comparison')
const figure = ({ figure: { key, label }, metric }: Column): TableColumn => ({
  key,
  head: label.toLowerCase(),
  form: metric.form,
  metric,
  better: metric.better,
  always: metric.kind === undefined,
})

/** First facts, then figures of the steps and the time that they took, then figures that rows are ranked by. */
const columns: readonly TableColumn[] = [
  { key: 'method', head: 'method', always: true },
  { key: 'variant', head: 'variant' },
  { key: 'model', head: 'model' },
  { key: 'base', head: 'base', always: true },
  { key: 'trainableParameters', head: 'trainable', form: 'count', fixed: true, always: true },
  { key: 'trainableShare', head: 'share', form: 'share', fixed: true, always: true },
  { key: 'adapterBytes', head: 'adapter bytes', form: 'bytes', fixed: true, always: true },
  { key: 'peakGpuBytes', head: 'peak GPU', form: 'memory', fixed: true, always: true },
  ...describing.map(figure),
  { key: 'seconds', head: 'seconds', form: 'seconds', always: true },
  { key: 'secondsToTarget', head: 'seconds to perplexity', form: 'seconds', better: 'lower' },
  { key: 'spikes', head: 'spikes', form: 'count' },
  { key: 'spikeHeight', head: 'highest spike', form: 'value' },
  { key: 'finalMinusBest', head: 'final minus best', form: 'perplexity' },
  ...ranking.map(figure),
  { key: 'characterPerplexity', head: 'perplexity per character', form: 'perplexity', better: 'lower' },
  { key: 'retainedPerplexity', head: 'retained perplexity', form: 'perplexity', better: 'lower' },
  { key: 'gainShare', head: 'share of full gain', form: 'share', better: 'higher' },
]

/** Perplexities count in tokens, so rows of different models are not compared by them. */
const perToken: readonly ComparisonColumn[] = [
  'bestPerplexity',
  'finalPerplexity',
  'retainedPerplexity',
  'finalMinusBest',
  'secondsToTarget',
]

/** The scores that rows have, as columns. */
function scoreColumns(rows: readonly ComparisonRow[]): TableColumn[] {
  const found = new Map(rows.flatMap(({ scores = [] }) => scores.map((score) => [score.key, score] as const)))
  const further = [...found.values()].filter(({ key }) => key !== 'exactMatch')
  return further.map(({ key, label, form }) => ({
    key: `score.${key}`,
    head: label.toLowerCase(),
    form: form === 'share' ? 'share' : 'value',
    score: { label, form },
    better: 'higher',
  }))
}

/** The score in a column. Exact match is a metric too, so it has no second column. */
export function scoreOf({ scores }: ComparisonRow, key: ComparisonColumn): RowScore | undefined {
  return scores?.find((score) => `score.${score.key}` === key || (key === 'exactMatch' && score.key === key))
}

/** The value of a row in a column. */
export function valueOf(row: ComparisonRow, key: ComparisonColumn): string | number | undefined {
  return scoreOf(row, key)?.value ?? (key.startsWith('score.') ? undefined : row[key as ComparisonFact | FigureKey])
}

/** The columns of a table with these rows: the usual ones, and those in which a row has a value. */
export function columnsFor(rows: readonly ComparisonRow[]): TableColumn[] {
  const several = new Set(rows.flatMap(({ model }) => model ?? [])).size > 1
  return [...columns, ...scoreColumns(rows)].filter(
    ({ key, always }) => (always || rows.some((row) => valueOf(row, key) !== undefined)) && !(several && perToken.includes(key)),
  )
}

/** A number of a column as plain text. */
function plain({ form, metric }: TableColumn, value: number): string {
  if (metric) return plainValue(metric, value)
  switch (form) {
    case 'share':
      return `${(value * 100).toPrecision(3)} %`
    case 'memory':
      return `${(value / 2 ** 20).toPrecision(3)} MiB`
    case 'seconds':
      return value.toFixed(1)
    case 'perplexity':
    case 'value':
      return value.toFixed(3)
    default:
      return value.toLocaleString('en', { maximumFractionDigits: 1 })
  }
}

function cell(row: ComparisonRow, column: TableColumn): string {
  const value = valueOf(row, column.key)
  if (typeof value !== 'number') return value ?? '–'
  const [spread, interval] = [row.spread?.[column.key], scoreOf(row, column.key)?.interval]
  const between = interval && ` (${interval.map((end) => plain(column, end)).join(' to ')})`
  return `${plain(column, value)}${spread === undefined ? '' : ` ± ${plain(column, spread)}`}${between ?? ''}`
}

/** Columns that have a value in some row. */
function filled(rows: readonly ComparisonRow[]): TableColumn[] {
  return columnsFor(rows).filter(({ key }) => rows.some((row) => valueOf(row, key) !== undefined))
}

const nameOf = ({ variant, method }: ComparisonRow): string => variant ?? method

/** A Markdown table. Below it are what a reader should know, and why rows have no numbers. */
export function comparisonMarkdown(rows: readonly ComparisonRow[]): string {
  const used = filled(rows)
  const line = (cells: readonly string[]) => `| ${cells.map((text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  const table = [
    line(used.map((c) => c.head)),
    line(used.map(({ form }) => (form ? '---:' : '---'))),
    ...rows.map((row) => line(used.map((c) => cell(row, c)))),
  ]
  const notes = rows.flatMap((row) => row.notes ?? []).map((note) => `- ${sentence(note)}`)
  const problems = rows.filter((r) => r.problem).map((r) => `- ${nameOf(r)}: ${r.problem}`)
  const below = [...notes, ...problems]
  return `${[...table, ...(below.length ? ['', ...below] : [])].join('\n')}\n`
}

interface CsvColumn {
  head: string
  of(row: ComparisonRow): string | number | undefined
}

/** A column with its spread between seeds and its interval beside it, if some row has them. */
function csvColumns(rows: readonly ComparisonRow[], { key, head }: TableColumn): CsvColumn[] {
  const end = (at: 0 | 1) => (row: ComparisonRow) => scoreOf(row, key)?.interval?.[at]
  const beside: CsvColumn[] = [
    { head: `${head} spread`, of: (row) => row.spread?.[key] },
    { head: `${head} low`, of: end(0) },
    { head: `${head} high`, of: end(1) },
  ]
  return [{ head, of: (row) => valueOf(row, key) }, ...beside.filter(({ of }) => rows.some((row) => of(row) !== undefined))]
}

/** The same as CSV (RFC 4180), with bare numbers. */
export function comparisonCsv(rows: readonly ComparisonRow[]): string {
  const words: CsvColumn[] = [
    { head: 'seeds', of: (row) => row.seeds },
    { head: 'note', of: (row) => row.notes?.map((note) => sentence(note)).join(' ') },
    { head: 'problem', of: (row) => row.problem },
  ]
  const used = [
    ...filled(rows).flatMap((column) => csvColumns(rows, column)),
    ...words.filter(({ of }) => rows.some((row) => of(row) !== undefined)),
  ]
  return csv([used.map(({ head }) => head), ...rows.map((row) => used.map(({ of }) => of(row)))])
}
