// The rows of tabtune compare on one model in one base precision: the untouched base, and each run.
import { type ComparisonRow, characterPerplexity, summaryRow } from '../config/comparison'
import { Cancelled, UnsupportedError, messageOf } from '../config/errors'
import { evaluationFigures } from '../config/figures'
import { say, sentence } from '../config/phrase'
import { type TrainingSettings, allRows } from '../config/run-config'
import { stabilityOf } from '../config/stability'
import { type Variant, baseName } from '../config/variants'
import { evalTextOf } from '../data/eval-text'
import type { RunSummary } from '../config/run-reports'
import type { CutRows, Rows, RunRows } from '../data/run-rows'
import type { Gpu } from '../gpu/gpu'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter, Method } from '../peft/method'
import { tokensOf, withNewTokens } from '../peft/new-tokens'
import { planRunBatches } from '../train/batches'
import { evaluationsAfter, forwardsInStep } from '../train/clock'
import { type Conducted, conduct } from '../train/conduct'
import type { Control } from '../train/control'
import { sampled } from '../train/eval-rows'
import { evaluateRows } from '../train/evaluate'
import type { Evaluated } from '../train/evaluation'
import { runFiles } from '../train/run-files'
import type { RunRequest } from '../train/run-request'
import { type Answering, otherRows, rowsWithoutTraining, scoresOf } from './compared-answers'
import { reportExactMatch } from './commands/exact-match'
import { type ComparisonPlan, commonLength, settingsOf } from './comparison-plan'
import { openOldRows } from './old-evaluation'
import { openRows } from './open'
import type { Options } from './options'
import { evaluationBar, runBar } from './progress'
import { tell } from './tell'

export interface Bench {
  gpu: Gpu
  options: Options
  control: Control
  plan: ComparisonPlan
  model: LoadedModel
  /** Several models are compared, so each row names its own. */
  several: boolean
  /** Answers that are judged; absent = none. */
  answering?: Answering
  /** Nothing was measured before, so the rows without training are still to be measured: of this model, and of the comparison. */
  first: { ofModel: boolean; ofAll: boolean }
}

/** Where rows are noted as soon as they are measured, so that a stop keeps them. */
export interface Found {
  base(row: ComparisonRow): void
  run(name: string, row: ComparisonRow): void
}

/** Rows that are asked in one way, and those of --eval-old. */
interface Asked {
  rows: CutRows
  old?: CutRows
}

/** The length at which all runs on the model cut rows. */
export const lengthOf = ({ plan, options, model }: Bench): number => commonLength(plan, options, model.file)

/** The same rows are held out for every run, whatever seeds are varied. */
async function askedRows(bench: Bench, taskDescription: string | undefined, tokens: readonly string[] = []): Promise<Asked> {
  const { options, model } = bench
  const [seed, maxLength] = [options.training('seed') ?? 0, lengthOf(bench)]
  const wanted = { maxLength, seed, holdOut: options.number('hold-out'), taskDescription }
  const rows = await openRows(withNewTokens(model, tokens), options, wanted)
  if (!rows.eval.length) throw new UnsupportedError(say`tabtune compare needs evaluation rows. Give --eval FILE or --hold-out SHARE.`)
  const old = await openOldRows(options, rows, { maxLength, seed })
  return { rows, ...(old && { old: { ...old, train: Int32Array.of() } }) }
}

/** What a row says about the model. */
export const aboutModel = ({ several, model }: Bench): Pick<ComparisonRow, 'model' | 'base'> => ({
  ...(several && { model: model.file.name }),
  base: model.plan.base,
})

async function exactMatchOf(bench: Bench, model: LoadedModel, adapter: Adapter | undefined, rows: Rows, signal: AbortSignal) {
  const match = bench.options.flag('exact-match') && (await reportExactMatch(bench.gpu, model, adapter, rows, 0, signal))
  return match ? { exactMatch: match.exactMatch } : {}
}

/** The exact matches and the scores that the options ask for; without them if `signal` ended the answers. */
async function answeredBy(
  bench: Bench,
  model: LoadedModel,
  adapter: Adapter | undefined,
  rows: Rows,
  signal: AbortSignal,
): Promise<Pick<ComparisonRow, 'exactMatch' | 'scores'>> {
  const { gpu, answering } = bench
  const exact = await exactMatchOf(bench, model, adapter, rows, signal)
  if (!answering) return exact
  try {
    return { ...exact, scores: await scoresOf({ gpu, model, rows, answering, signal }, adapter) }
  } catch (error) {
    if (error instanceof Cancelled) return exact
    throw error
  }
}

/** The perplexity on the rows of --eval-old. */
async function retained(
  { gpu }: Bench,
  model: LoadedModel,
  adapter: Adapter | undefined,
  { old }: Asked,
  training: TrainingSettings,
  signal: AbortSignal,
): Promise<{ retainedPerplexity?: number }> {
  if (!old) return {}
  const bar = evaluationBar(`evaluating ${old.evalDataset.name}`)
  try {
    const { evaluation } = await evaluateRows(gpu, model, adapter, old, { ...training, ...allRows }, (progress) => {
      signal.throwIfAborted()
      bar(progress)
    })
    return { retainedPerplexity: evaluation.evalPerplexity }
  } catch (error) {
    if (error instanceof Cancelled) return {}
    throw error
  }
}

/** Measures the base before any training. Says how long the runs will take, from the time that this takes. */
export async function measuredBase(
  bench: Bench,
  rows: RunRows,
  variants: readonly Variant<Method>[],
): Promise<{ evaluation: Evaluated; training: TrainingSettings }> {
  const { gpu, model, options, control } = bench
  const { training } = settingsOf(variants[0], options, model, lengthOf(bench))
  const bar = evaluationBar('evaluating the base')
  const started = performance.now()
  // Kernels are compiled before the first rows are done.
  let first: { at: number; done: number } | undefined
  const { evaluation, rows: count } = await evaluateRows(gpu, model, undefined, rows, training, (progress) => {
    control.stopSignal.throwIfAborted()
    first ??= { at: performance.now(), done: progress.rows.done }
    bar(progress)
  })
  const { at, done } = first && first.done < count ? first : { at: started, done: 0 }
  tellTime(bench, rows, variants, (performance.now() - at) / 1000 / (count - done))
  return { evaluation, training }
}

/** The row of the base before any training. */
async function untouched(bench: Bench, asked: Asked, variants: readonly Variant<Method>[]): Promise<ComparisonRow> {
  const { model, control } = bench
  const { rows } = asked
  const { evaluation, training } = await measuredBase(bench, rows, variants)
  return {
    method: 'base',
    ...aboutModel(bench),
    ...evaluationFigures(evaluation, evaluation),
    characterPerplexity: bench.several
      ? characterPerplexity(evaluation.evalLoss, evalTextOf({ ...rows, eval: sampled(rows.eval, training.evalRows) }, training.maxLength))
      : undefined,
    ...(await retained(bench, model, undefined, asked, training, control.stopSignal)),
    ...(await answeredBy(bench, model, undefined, rows, control.stopSignal)),
  }
}

/** Prints how many runs follow and how long they may take, by the time that the base took for an evaluation row. */
function tellTime({ options, model, plan }: Bench, rows: RunRows, variants: readonly Variant<Method>[], secondsPerRow: number): void {
  let seconds = 0
  for (const variant of variants) {
    const { training } = settingsOf(variant, options, model, commonLength(plan, options, model.file))
    const meanOf = (which: Int32Array, dataset: RunRows['dataset']): number =>
      dataset.lengths(which, training.maxLength).reduce((sum, length) => sum + length, 0) / which.length
    const { steps, evaluation } = planRunBatches(rows, training, variant.method)
    const longer = meanOf(rows.train, rows.dataset) / meanOf(rows.eval, rows.evalDataset)
    const trained = steps * training.batchSize * training.accumulate * longer
    const evaluated = evaluation.rows * (1 + evaluationsAfter(0, { ...training, steps }))
    seconds += secondsPerRow * (evaluated + forwardsInStep * trained)
  }
  const time = seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`
  const count = variants.length === 1 ? '1 run' : `${variants.length} runs`
  process.stderr.write(
    `${count} on ${model.file.name} (${model.plan.base}), about ${time}: ${variants.map(({ name }) => name).join('; ')}\n`,
  )
}

/** The losses of all steps and the evaluations, and how steady they were. */
function curvesOf({ steps, evals }: Conducted): Partial<ComparisonRow> {
  const secondsAt = (step: number): number => (steps.findLast((each) => each.step <= step)?.elapsedMs ?? 0) / 1000
  return {
    losses: steps.map((s) => ({ step: s.step, totalTokens: s.totalTokens, seconds: s.elapsedMs / 1000, loss: s.loss })),
    evals: evals.map((e) => ({ step: e.step, seconds: secondsAt(e.step), perplexity: e.evalPerplexity })),
    ...stabilityOf(steps.map(({ loss }) => loss)),
  }
}

/** Trains a run, and gives its numbers. @throws what ended it */
export async function runRow(
  { gpu, control }: Bench,
  name: string,
  request: RunRequest,
): Promise<{ done: Conducted; summary: RunSummary; row: Partial<ComparisonRow> }> {
  const bar = runBar(name)
  const done = await conduct(gpu, request, control, {
    onPlan: ({ fitted }) => fitted && tell([`${name}: ${sentence(fitted)}`]),
    onProgress: bar.progress,
    onStep: bar.step,
    onEval: () => undefined,
    onPaused: () => undefined,
  })
  bar.end()
  const { summary, failure } = await runFiles('', request, done)
  if (failure) throw failure
  return { done, summary, row: { ...summaryRow(summary), ...curvesOf(done) } }
}

/** What a run's row says about its method. Where every method appears once, its name says enough. */
export function aboutRun(bench: Bench, { method, name, group, taskDescription }: Variant<Method>): Omit<ComparisonRow, 'problem'> {
  const { variants } = bench.plan
  const names = variants.length > new Set(variants.map((each) => each.method)).size && { variant: name, group }
  return { method: method.name, ...names, task: taskDescription, ...aboutModel(bench) }
}

async function trained(bench: Bench, read: Asked, variant: Variant<Method>): Promise<ComparisonRow> {
  const { gpu, options, control, model: loaded } = bench
  const { method, name } = variant
  const about = aboutRun(bench, variant)
  const unavailable = method.unavailable?.(loaded.base)
  if (unavailable) return { ...about, problem: sentence(unavailable) }
  try {
    const { settings, training } = settingsOf(variant, options, loaded, lengthOf(bench))
    const tokens = tokensOf({ method, settings })
    const model = withNewTokens(loaded, tokens)
    const asked = tokens.length ? await askedRows(bench, variant.taskDescription, tokens) : read
    const { rows } = asked
    const request: RunRequest = { model, method, settings, training, rows }
    const { done, summary, row } = await runRow(bench, name, request)
    return {
      ...about,
      ...row,
      ...(bench.several && { characterPerplexity: characterPerplexity(summary.finalEval?.evalLoss, summary.evalText) }),
      ...(await retained(bench, model, done.adapter, asked, training, control.skipSignal)),
      ...(await answeredBy(bench, model, done.adapter, rows, control.skipSignal)),
    }
  } catch (error) {
    // If one method cannot run, its row says why. A lost device ends the comparison.
    if (gpu.failure) throw error
    return { ...about, problem: messageOf(error) }
  }
}

/** The base as it is asked in other ways without training, and the answers of other models. */
async function untrained(bench: Bench, rows: Rows): Promise<ComparisonRow[]> {
  const { gpu, model, answering, control, first } = bench
  if (!answering) return []
  const judging = { gpu, model, rows, answering, signal: control.stopSignal }
  try {
    const others = first.ofAll ? await otherRows(judging) : []
    return [...(first.ofModel ? await rowsWithoutTraining(judging, aboutModel(bench)) : []), ...others]
  } catch (error) {
    if (error instanceof Cancelled) return []
    throw error
  }
}

/** Measures the base as it is asked in each way, and then the runs. A stop keeps the rows so far. */
export async function measureOn(bench: Bench, variants: readonly Variant<Method>[], found: Found): Promise<void> {
  const tasks = new Set(variants.map(({ taskDescription }) => taskDescription))
  for (const task of tasks) {
    const asked = await askedRows(bench, task)
    const own = variants.filter(({ taskDescription }) => taskDescription === task)
    try {
      const row = await untouched(bench, asked, own)
      found.base(task === undefined ? row : { ...row, task, variant: baseName(task) })
    } catch (error) {
      if (error instanceof Cancelled) return
      throw error
    }
    if (task === [...tasks][0]) for (const row of await untrained(bench, asked.rows)) found.base(row)
    for (const variant of own) if (!bench.control.stopped) found.run(variant.name, await trained(bench, asked, variant))
  }
}
