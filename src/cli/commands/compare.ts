// tabtune compare: trains several methods one after another with the same data, seed and number of steps, and prints a table of the results.
import { type ComparisonRow, comparisonCsv, comparisonMarkdown, comparisonTraining, summaryRow } from '../../config/comparison'
import { evaluationFigures } from '../../config/figures'
import { Cancelled, UnsupportedError, messageOf } from '../../config/errors'
import { say, sentence } from '../../config/phrase'
import { defaults } from '../../config/field'
import { type BaseFormat, type TrainingSettings, defaultTraining } from '../../config/run-config'
import type { Gpu } from '../../gpu/gpu'
import type { Method } from '../../peft/method'
import { methods } from '../../peft/registry'
import { release } from '../../tensor/program'
import type { Rows } from '../../data/run-rows'
import { type Conducted, conduct } from '../../train/conduct'
import type { RunRequest } from '../../train/run-request'
import { Control } from '../../train/control'
import { evaluateRows } from '../../train/evaluate'
import { runFiles } from '../../train/run-files'
import type { LoadedModel } from '../../peft/loaded-model'
import { tokensOf, withNewTokens } from '../../peft/new-tokens'
import { chosenMethods, ownPairs, refuseStrange } from '../chosen-methods'
import { openGpu, openLoaded, openRows } from '../open'
import type { Options } from '../options'
import { ownMethodSettings } from '../preset'
import { evaluationBar, runBar } from '../progress'
import { steerBySignal } from '../steer'
import { trainingSettings } from '../training-options'
import { reportExactMatch } from './exact-match'
import { methodSettings } from './train'

interface Bench {
  gpu: Gpu
  options: Options
  control: Control
  /** The maximum length, for which every method has room. */
  length: number
}

async function exactMatchOf(
  bench: Bench,
  model: LoadedModel,
  adapter: Parameters<typeof reportExactMatch>[2],
  rows: Rows,
  signal: AbortSignal,
): Promise<{ exactMatch?: number }> {
  const match = bench.options.flag('exact-match') && (await reportExactMatch(bench.gpu, model, adapter, rows, 0, signal))
  return match ? { exactMatch: match.exactMatch } : {}
}

function comparedTraining({ options, length }: Bench, method: Method, model: LoadedModel): TrainingSettings {
  return { ...trainingSettings(method, options, model.file.config.context, comparisonTraining), maxLength: length }
}

async function untouched(bench: Bench, model: LoadedModel, rows: Rows): Promise<ComparisonRow> {
  const training = comparedTraining(bench, methods[0], model)
  const bar = evaluationBar('evaluating the base')
  const { evaluation } = await evaluateRows(bench.gpu, model, undefined, rows, training, (progress) => {
    bench.control.stopSignal.throwIfAborted()
    bar(progress)
  })
  return {
    method: 'base',
    base: model.plan.base,
    ...evaluationFigures(evaluation, evaluation),
    ...(await exactMatchOf(bench, model, undefined, rows, bench.control.stopSignal)),
  }
}

function curvesOf({ steps, evals }: Conducted): Pick<ComparisonRow, 'losses' | 'evals'> {
  return {
    losses: steps.map((s) => ({ step: s.step, totalTokens: s.totalTokens, seconds: s.elapsedMs / 1000, loss: s.loss })),
    evals: evals.map((e) => ({ step: e.step, perplexity: e.evalPerplexity })),
  }
}

function rowsOf({ options, length }: Bench, model: LoadedModel): Promise<Rows> {
  return openRows(model, options, { maxLength: length, seed: options.training('seed'), holdOut: options.number('hold-out') })
}

async function trained(bench: Bench, loaded: LoadedModel, read: Rows, method: Method): Promise<ComparisonRow> {
  const { gpu, options, control } = bench
  const about = { method: method.name, base: loaded.plan.base }
  const unavailable = method.unavailable?.(loaded.base)
  if (unavailable) return { ...about, problem: sentence(unavailable) }
  try {
    const training = comparedTraining(bench, method, loaded)
    // Each setting is used by the methods that have it.
    const own = ownPairs(options, method)
    const bar = runBar(method.name)
    const settings = methodSettings(method, own, undefined, ownMethodSettings(options, method, loaded.file))
    const tokens = tokensOf({ method, settings })
    const model = withNewTokens(loaded, tokens)
    const rows = tokens.length ? await rowsOf(bench, model) : read
    const request: RunRequest = { model, method, settings, training, rows }
    const done = await conduct(gpu, request, control, {
      onProgress: bar.progress,
      onStep: bar.step,
      onEval: () => undefined,
      onPaused: () => undefined,
    })
    bar.end()
    const { summary, failure } = await runFiles('', request, done)
    if (failure) throw failure
    const row = { ...about, ...summaryRow(summary), ...curvesOf(done) }
    return { ...row, ...(await exactMatchOf(bench, model, done.adapter, rows, bench.control.skipSignal)) }
  } catch (error) {
    // If one method cannot run, its row says why. A lost device ends the comparison.
    if (gpu.failure) throw error
    return { ...about, problem: messageOf(error) }
  }
}

/** Adds the results of a base precision, and of the methods trained on it, to `results`. A stop keeps the results so far. */
async function measure(bench: Bench, model: LoadedModel, chosen: readonly Method[], results: Map<string, ComparisonRow>): Promise<void> {
  const rows = await rowsOf(bench, model)
  if (!rows.eval.length) throw new UnsupportedError(say`tabtune compare needs evaluation rows. Give --eval FILE or --hold-out SHARE.`)
  try {
    results.set(`base ${model.plan.base}`, await untouched(bench, model, rows))
  } catch (error) {
    if (error instanceof Cancelled) return
    throw error
  }
  for (const method of chosen) if (!bench.control.stopped) results.set(method.name, await trained(bench, model, rows, method))
}

export async function compare(options: Options): Promise<void> {
  const chosen = chosenMethods(options)
  refuseStrange(options, chosen)
  const gpu = await openGpu()
  const control = new Control()
  steerBySignal(control)
  const baseOf = (method: Method): BaseFormat => options.base(method.bases[0] ?? 'native')
  const results = new Map<string, ComparisonRow>()
  for (const base of new Set(chosen.map(baseOf))) {
    if (control.stopped) break
    const model = await openLoaded(gpu, options, base)
    const room = Math.min(...chosen.map((m) => model.file.config.context - (m.virtualTokens?.(defaults(m.fields)) ?? 0)))
    const bench: Bench = { gpu, options, control, length: options.training('maxLength') ?? Math.min(defaultTraining().maxLength, room) }
    await measure(
      bench,
      model,
      chosen.filter((method) => baseOf(method) === base),
      results,
    )
    release(gpu, model.plan.slots)
  }
  if (!results.size) throw new Cancelled()
  const rows = [...results.values()].sort(
    (a, b) =>
      Number(b.method === 'base') - Number(a.method === 'base') ||
      chosen.findIndex((m) => m.name === a.method) - chosen.findIndex((m) => m.name === b.method),
  )
  process.stdout.write(
    options.flag('json') ? `${JSON.stringify(rows)}\n` : options.flag('csv') ? comparisonCsv(rows) : comparisonMarkdown(rows),
  )
  gpu.destroy()
}
