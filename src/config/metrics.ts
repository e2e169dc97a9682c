// Every metric ONCE: its name, where it is shown, and its figures for a whole run. Events, stored curves, charts, tables, CSV and the
// command line follow from this list. The trainer has one line for each metric that computes it.

import type { Kind } from './task'

/** How a metric is shown: as a value, as a large count (12.3 K), as a share (87 %), or as bytes. */
type Form = 'value' | 'count' | 'share' | 'bytes'
/** A table: of all runs, of a comparison (page, Markdown and CSV), or the facts of a run in the library. */
export type Table = 'runs' | 'comparison' | 'library'

/** One number that stands for a whole run. */
export interface Figure<Key extends string = string> {
  /** Its key in a run's summary, and in the JSON of a comparison. */
  key: Key
  /** The last value of the run, the best one, or the mean over all steps. For evaluations: that of the weights that are kept, or of the best ones. */
  take: 'last' | 'best' | 'mean'
  /** Head of its column; in lower case in Markdown and CSV. */
  label: string
  tables: readonly Table[]
}

export interface Metric<Key extends string = string, FigureKey extends string = string> {
  /** Its key in `metrics.jsonl`, in stored curves and on the command line. */
  key: Key
  /** When it is measured: in every optimizer step, in evaluations of the held-out rows, or in answers to these rows after training. */
  of: 'step' | 'evaluation' | 'answers'
  /** It is measured only for models with such rows; absent = for all. */
  kind?: Kind
  /** Title of its chart. */
  label: string
  /** The shorter name, where it is clear whether it is of training or of held-out rows; absent = the label. */
  short?: string
  unit?: string
  form: Form
  /** Decimals in plain text. */
  digits: number
  /** Which direction is better, if runs are ranked by it; tables mark the best. */
  better?: 'lower' | 'higher'
  /** Its chart, if it has one. */
  chart?: {
    /** Large and first, or small beside others. */
    size: 'large' | 'small'
    /** Averaged over neighbouring steps, as far as the person chooses; the raw values are drawn behind the average. */
    smoothed?: boolean
    /** Also shown for a comparison of methods. */
    compared?: boolean
    /** The steps at which the run was saved are marked. */
    saves?: boolean
  }
  /** Shown as a tile on the page while a run trains. */
  tile?: boolean
  /** Shown in the line of the command line while a run trains. */
  line?: boolean
  figures?: readonly Figure<FigureKey>[]
}

const list = [
  {
    key: 'loss',
    of: 'step',
    label: 'Training loss',
    short: 'Loss',
    form: 'value',
    digits: 4,
    better: 'lower',
    chart: { size: 'large', smoothed: true, compared: true },
    tile: true,
    line: true,
    figures: [
      { key: 'bestLoss', take: 'best', label: 'Best training loss', tables: ['runs'] },
      { key: 'finalLoss', take: 'last', label: 'Last training loss', tables: ['runs', 'library'] },
    ],
  },
  {
    key: 'evalLoss',
    of: 'evaluation',
    label: 'Held-out loss',
    short: 'Loss',
    form: 'value',
    digits: 4,
    better: 'lower',
    chart: { size: 'small' },
  },
  {
    key: 'evalPerplexity',
    of: 'evaluation',
    label: 'Held-out perplexity',
    short: 'Perplexity',
    form: 'value',
    digits: 3,
    better: 'lower',
    chart: { size: 'small', compared: true },
    tile: true,
    figures: [
      { key: 'bestPerplexity', take: 'best', label: 'Best perplexity', tables: ['runs', 'comparison'] },
      { key: 'finalPerplexity', take: 'last', label: 'Final perplexity', tables: ['runs', 'comparison', 'library'] },
    ],
  },
  {
    key: 'accuracy',
    of: 'step',
    kind: 'pictures',
    label: 'Training accuracy',
    short: 'Accuracy',
    form: 'share',
    digits: 1,
    better: 'higher',
    chart: { size: 'small', smoothed: true, compared: true },
    tile: true,
    line: true,
  },
  {
    key: 'evalAccuracy',
    of: 'evaluation',
    kind: 'pictures',
    label: 'Held-out accuracy',
    form: 'share',
    digits: 1,
    better: 'higher',
    chart: { size: 'small', compared: true },
    tile: true,
    figures: [
      { key: 'bestAccuracy', take: 'best', label: 'Best accuracy', tables: ['runs', 'comparison'] },
      { key: 'finalAccuracy', take: 'last', label: 'Final accuracy', tables: ['runs', 'comparison', 'library'] },
    ],
  },
  { key: 'learningRate', of: 'step', label: 'Learning rate', form: 'value', digits: 6, chart: { size: 'small' }, tile: true },
  { key: 'gradNorm', of: 'step', label: 'Gradient norm', form: 'value', digits: 4, chart: { size: 'small' }, tile: true },
  { key: 'clipFactor', of: 'step', label: 'Clipping factor', form: 'value', digits: 4, chart: { size: 'small' }, tile: true },
  {
    key: 'tokensPerSecond',
    of: 'step',
    kind: 'text',
    label: 'Tokens per second',
    unit: 'tokens/s',
    form: 'count',
    digits: 0,
    chart: { size: 'small' },
    tile: true,
    line: true,
    figures: [{ key: 'tokensPerSecond', take: 'last', label: 'Tokens/s', tables: ['runs', 'comparison'] }],
  },
  { key: 'gpuBytes', of: 'step', label: 'GPU memory', form: 'bytes', digits: 0, chart: { size: 'small', saves: true } },
  { key: 'hostBytes', of: 'step', label: 'Main memory', form: 'bytes', digits: 0, chart: { size: 'small', saves: true } },
  {
    key: 'picturesPerSecond',
    of: 'step',
    kind: 'pictures',
    label: 'Pictures per second',
    unit: 'pictures/s',
    form: 'count',
    digits: 1,
    chart: { size: 'small' },
    tile: true,
    line: true,
    figures: [{ key: 'picturesPerSecond', take: 'last', label: 'Pictures/s', tables: ['runs', 'comparison'] }],
  },
  {
    key: 'exactMatch',
    of: 'answers',
    label: 'Exact match',
    form: 'share',
    digits: 1,
    better: 'higher',
    figures: [{ key: 'exactMatch', take: 'last', label: 'Exact match', tables: ['runs', 'comparison', 'library'] }],
  },
] as const satisfies readonly Metric[]

type Entry = (typeof list)[number]
type KeyOf<Of extends Metric['of']> = Extract<Entry, { of: Of }>['key']
type FigureOf<E> = E extends { figures: readonly { key: infer Key extends string }[] } ? Key : never

export type StepKey = KeyOf<'step'>
export type EvaluationKey = KeyOf<'evaluation'>
export type StepFigureKey = FigureOf<Extract<Entry, { of: 'step' }>>
export type FigureKey = FigureOf<Entry>

type MetricOf<Of extends Metric['of']> = Metric<KeyOf<Of>, FigureOf<Extract<Entry, { of: Of }>>> & { of: Of }
export type StepMetric = MetricOf<'step'>
export type EvaluationMetric = MetricOf<'evaluation'>
export type AnyMetric = StepMetric | EvaluationMetric | MetricOf<'answers'>

export const metrics: readonly AnyMetric[] = list
export const stepMetrics: readonly StepMetric[] = metrics.filter((m) => m.of === 'step')
export const evaluationMetrics: readonly EvaluationMetric[] = metrics.filter((m) => m.of === 'evaluation')
export const stepKeys: readonly StepKey[] = stepMetrics.map((m) => m.key)
export const evaluationKeys: readonly EvaluationKey[] = evaluationMetrics.map((m) => m.key)

/** Whether models with rows of a kind have the metric. */
export const isMeasured = ({ kind: own }: Pick<Metric, 'kind'>, kind: Kind): boolean => own === undefined || own === kind

/** A line for each metric; a run may not have all of them. */
export type Lines<T> = { [Key in keyof Required<T>]: number | undefined }

/** The metrics that were measured. */
export function measured<T>(lines: Lines<T>): Partial<Record<keyof T, number>> {
  return Object.fromEntries(Object.entries<number | undefined>(lines).filter(([, value]) => value !== undefined)) as Partial<
    Record<keyof T, number>
  >
}

/** The name where it is clear whether it is of training or of held-out rows. */
export function shortName({ short, label }: Metric): string {
  return short ?? label
}

/** A value as plain text: `12.5 %`, `3.250`, `812`. */
export function plainValue({ form, digits }: Pick<Metric, 'form' | 'digits'>, value: number): string {
  return form === 'share' ? `${(value * 100).toFixed(digits)} %` : value.toFixed(digits)
}
