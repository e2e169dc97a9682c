// A run as it comes back from storage: written by this version or an older one, complete or not. Required parts are checked;
// the rest is taken if it is usable, and absent otherwise.
import * as v from 'valibot'
import { type Asking, askingForms } from '../config/asking'
import { FormatError } from '../config/errors'
import { type Phrase, asWritten, say } from '../config/phrase'
import { type Settings, usableSettings } from '../config/field'
import { recipeOfData, replayOfData } from '../config/recipe-of-data'
import { readHowFields } from '../config/read-how'
import { baseFormats, trainingFields } from '../config/run-config'
import { type DataOptions, formatField, trainOnField } from '../config/data-options'
import { combinations } from '../config/run-reports'
import { expertKeys } from '../config/expert-shares'
import { stepFigureKeys, withStep } from '../config/figures'
import { evaluationKeys, stepKeys } from '../config/metrics'
import { type KeptRun, type Run, pageRunStatuses } from './run'
import { type RunSeries, type Table, evalColumns, saveColumns, stepColumns } from './series'

/** NaN and infinity are valid here: a loss or a probability may be either. */
export const number = v.custom<number>((input) => typeof input === 'number', 'Invalid type: Expected number')
const base = v.fallback(v.picklist(baseFormats), 'native')
/** Absent if it is not usable. */
const maybe = <const S extends v.GenericSchema>(schema: S) => v.fallback(v.optional(schema), undefined)

const settings: v.GenericSchema<unknown, Settings> = v.record(v.string(), v.union([number, v.boolean(), v.string()]))
const training = v.pipe(
  v.optional(v.unknown(), {}),
  v.transform((input) => usableSettings(trainingFields, input)),
)
const recipe = v.pipe(v.optional(v.unknown()), v.transform(recipeOfData))
const replay = v.pipe(v.optional(v.unknown()), v.transform(replayOfData))
const config = v.object({ method: v.string(), methodSettings: v.fallback(settings, {}), training, from: maybe(v.string()), recipe, replay })
const model = v.object({
  name: v.string(),
  family: v.fallback(v.string(), ''),
  base,
  fingerprint: maybe(v.string()),
  lineage: maybe(v.string()),
  keptId: maybe(v.string()),
})
const findable = { keptId: maybe(v.string()), fingerprint: maybe(v.string()) }
const text = v.optional(v.string())
const asking: v.GenericSchema<unknown, Asking> = v.object({
  form: v.optional(v.picklist(askingForms)),
  promptTemplate: text,
  taskDescription: text,
  systemWords: text,
  ends: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
})
const readHow = v.pipe(
  v.unknown(),
  v.transform((given) => usableSettings(readHowFields, given)),
)
const dataOptions: v.GenericSchema<unknown, DataOptions> = v.object({
  format: v.picklist(formatField.options.map(({ value }) => value)),
  columns: v.optional(v.record(v.string(), v.string())),
  read: v.optional(readHow),
  trainOn: v.picklist(trainOnField.options.map(({ value }) => value)),
  holdOut: v.number(),
  shots: v.optional(v.number()),
  skipBadLines: v.boolean(),
  taskDescription: text,
  systemWords: text,
  promptTemplate: text,
  separator: text,
  chatTemplate: v.optional(v.boolean()),
  seed: v.number(),
})
const data = v.object({
  name: v.fallback(v.string(), ''),
  rows: v.fallback(number, 0),
  rowsFingerprint: maybe(v.string()),
  ...findable,
  options: maybe(dataOptions),
  evaluation: maybe(v.object({ name: v.string(), ...findable })),
  oldEvaluation: maybe(v.object({ name: v.string(), ...findable })),
  replay: maybe(v.object({ name: v.string(), rows: number, share: number })),
})

const phraseParts: v.GenericSchema<unknown, Phrase> = v.object({
  key: v.string(),
  values: v.array(v.union([v.string(), number, v.lazy(() => phraseParts)])),
})
/** Older versions kept the sentence as text. */
export const phrase = v.union([v.pipe(v.string(), v.transform(asWritten)), phraseParts])

/** Something that was said about how a run went. */
export const sign = v.object({ name: v.string(), step: number, words: phrase, settings: maybe(v.array(v.string())) })

const memory = v.object({
  totalBytes: number,
  parts: v.fallback(v.array(v.object({ purpose: v.string(), bytes: number })), []),
  trainableParameters: number,
  totalParameters: number,
  adapterFileBytes: number,
  steps: number,
  evalRows: maybe(v.object({ used: number, all: number })),
  hostBytes: maybe(number),
  extraWork: maybe(number),
  fitted: maybe(phrase),
  roomBytes: maybe(number),
  problem: maybe(phrase),
  problemSettings: maybe(v.array(v.string())),
  notice: maybe(phrase),
  noticeSettings: maybe(v.array(v.string())),
})
/** The metrics by their keys. A run that is older than a metric lacks it. */
const numbers = <K extends string>(keys: readonly K[]) =>
  Object.fromEntries(keys.map((key) => [key, maybe(number)])) as Record<K, ReturnType<typeof maybe<typeof number>>>

export const stepMetrics = v.object({
  ...numbers(stepKeys),
  ...numbers(expertKeys),
  step: number,
  steps: number,
  loss: number,
  tokens: number,
  totalTokens: number,
  elapsedMs: number,
  epoch: maybe(number),
})
const figures = numbers(stepFigureKeys)
const evaluation = v.object({ ...numbers(evaluationKeys), evalLoss: number })
export const evalMetrics = v.object({ step: number, ...evaluation.entries })
const evalText = v.object({ tokens: number, characters: number })
const oldEval = v.object({ name: v.string(), rows: number, before: maybe(evaluation), after: maybe(evaluation) })
export const summary = v.object({
  runId: v.string(),
  status: v.picklist(['finished', 'stopped']),
  config,
  model,
  data,
  oldEval: maybe(oldEval),
  asking: maybe(asking),
  memory,
  peakGpuBytes: number,
  ...figures,
  finalEval: maybe(evalMetrics),
  bestEval: maybe(evalMetrics),
  firstEval: maybe(evalMetrics),
  evalText: maybe(evalText),
  elapsedMs: number,
  adapterBytes: number,
  signs: maybe(v.array(sign)),
  restoredStep: maybe(number),
  recoveries: maybe(number),
})
export const sampledAnswers = v.object({
  step: number,
  rows: v.array(v.object({ prompt: v.string(), expected: v.string(), answer: v.string(), cut: v.optional(v.boolean()) })),
  timeMs: number,
  bytes: number,
  problem: v.optional(phrase),
})
const files = v.array(v.object({ path: v.string(), bytes: number }))
const rowScores = v.array(
  v.object({
    key: v.string(),
    label: v.string(),
    form: v.picklist(['share', 'value']),
    value: number,
    interval: maybe(v.tuple([number, number])),
  }),
)
const exactMatch = v.object({ matched: number, rows: number })

/** Every part of a run but its progress, which ends with the page. */
const entries = {
  id: maybe(v.string()),
  name: maybe(v.string()),
  colour: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  createdAt: v.fallback(v.pipe(v.number(), v.finite()), 0),
  changedAt: maybe(v.number()),
  status: v.fallback(v.picklist(pageRunStatuses), 'interrupted'),
  config,
  methodLabel: maybe(v.string()),
  exports: v.fallback(v.array(v.string()), []),
  model,
  data: v.fallback(data, { name: '', rows: 0 }),
  visible: v.fallback(v.boolean(), true),
  starred: maybe(v.boolean()),
  tags: maybe(v.array(v.string())),
  notes: maybe(v.string()),
  memory: maybe(memory),
  last: maybe(stepMetrics),
  figures: maybe(v.object(figures)),
  lastEval: maybe(evalMetrics),
  bestEval: maybe(evalMetrics),
  summary: maybe(summary),
  signs: maybe(v.array(sign)),
  samples: maybe(v.array(sampledAnswers)),
  recoveries: maybe(number),
  error: maybe(phrase),
  errorSettings: maybe(v.array(v.string())),
  exactMatch: maybe(v.object({ before: maybe(exactMatch), after: maybe(exactMatch) })),
  comparison: maybe(
    v.object({
      id: v.string(),
      exactMatchRows: v.fallback(number, 0),
      base,
      variant: text,
      group: text,
      maxTokens: maybe(number),
      files: maybe(v.object({ others: v.array(v.string()), retained: text })),
      asked: maybe(v.array(v.object({ taskDescription: text, shots: v.pipe(v.number(), v.integer(), v.minValue(0)) }))),
      templates: maybe(v.array(v.string())),
      task: text,
      taskBefore: text,
    }),
  ),
  after: maybe(v.object({ runId: v.string(), anyway: maybe(v.boolean()) })),
  baseEval: maybe(evaluation),
  oldEval: maybe(oldEval),
  scores: maybe(v.object({ before: maybe(rowScores), after: maybe(rowScores) })),
  retained: maybe(v.object({ name: v.string(), before: maybe(evaluation), after: maybe(evaluation) })),
  untrained: maybe(
    v.array(
      v.object({
        name: v.string(),
        method: v.picklist(['base', 'answers']),
        scores: maybe(rowScores),
        evaluation: maybe(evaluation),
        problem: maybe(phrase),
      }),
    ),
  ),
  evaluated: maybe(v.object({ ...evaluation.entries, data: v.string() })),
  combination: maybe(v.object({ type: v.picklist(combinations), parts: v.array(v.object({ name: v.string(), weight: number })) })),
  madeFor: maybe(v.string()),
  trainedOn: maybe(v.object({ name: v.string(), fingerprint: v.string(), lineage: v.string() })),
  asking: maybe(asking),
  files: maybe(files),
  best: maybe(v.object({ step: number, files })),
  unkept: maybe(phrase),
  wholeMs: maybe(number),
  snapshot: maybe(v.object({ step: number, sizeBytes: number })),
  snapshotProblem: maybe(phrase),
} satisfies Record<Exclude<keyof Run, 'progress'>, v.GenericSchema>

const column = v.instance(Float64Array)
const table = v.object({ length: v.pipe(v.number(), v.integer(), v.minValue(0)), columns: v.record(v.string(), v.unknown()) })
const kept = v.object({
  // Older runs have `bestLoss` here, because they had no figures.
  run: v.object({ ...entries, bestLoss: maybe(number) }),
  series: v.fallback(v.object({ steps: v.optional(v.unknown()), evals: v.optional(v.unknown()), saves: v.optional(v.unknown()) }), {}),
})

/** A curve's table. A column that is missing or too short is absent, and without the column of steps the table is empty. */
function tableOf<C extends string>(names: readonly C[], input: unknown): Table<C> {
  const found = v.safeParse(table, input)
  const columnOf = (name: string): Float64Array | undefined => {
    const parsed = found.success ? v.safeParse(column, found.output.columns[name]) : undefined
    return parsed?.success ? parsed.output : undefined
  }
  const length = Math.min(found.success ? found.output.length : 0, columnOf('step')?.length ?? 0)
  const columns: Partial<Record<C, Float64Array>> = {}
  for (const name of length ? names : []) {
    const values = columnOf(name)
    if (values && values.length >= length) columns[name] = values.slice(0, length)
  }
  return { length, columns }
}

function seriesOf({ steps, evals, saves }: { steps?: unknown; evals?: unknown; saves?: unknown }): RunSeries {
  return { steps: tableOf(stepColumns, steps), evals: tableOf(evalColumns, evals), saves: tableOf(saveColumns, saves) }
}

/** The run that was kept under `runId`. @throws FormatError where a required part is missing */
export function parseKeptRun(runId: string, input: unknown): KeptRun {
  const found = v.safeParse(kept, input)
  if (!found.success) {
    const [issue] = found.issues
    throw new FormatError(
      say`run ${runId}, ${v.getDotPath(issue) ?? say`its record`}: expected ${issue.expected ?? say`a value`}, got ${issue.received}. It is left as it is; open it with the TabTune that wrote it, or delete it.`,
    )
  }
  const { series } = found.output
  const { bestLoss, ...run } = found.output.run
  const figures = run.figures ?? { ...(run.last && withStep({}, run.last)), ...(bestLoss !== undefined && { bestLoss }) }
  const methodLabel = run.methodLabel ?? run.config.method
  return { run: { ...run, id: runId, figures, methodLabel, name: run.name ?? methodLabel }, series: seriesOf(series) }
}
