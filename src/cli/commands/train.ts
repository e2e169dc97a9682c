// tabtune train: prints one JSON object per step to stdout and writes the adapter's folder to --out.
import { stat } from 'node:fs/promises'
import { bytesText } from '../../config/bytes'
import { FormatError, UnsupportedError } from '../../config/errors'
import { say, sentence } from '../../config/phrase'
import { parseSettings, valueFromText, type Settings } from '../../config/field'
import type { TrainingSettings } from '../../config/run-config'
import type { Evaluation, MemoryReport } from '../../config/run-reports'
import type { Adapter, Method } from '../../peft/method'
import { everyMethod, methodNamed } from '../../peft/registry'
import { runSamples } from '../../decode/run-samples'
import { type ConductEvents, conduct } from '../../train/conduct'
import type { RunRequest } from '../../train/run-request'
import type { LoadedModel } from '../../peft/loaded-model'
import { runFiles } from '../../train/run-files'
import { Control } from '../../train/control'
import { evaluationOf } from '../../train/evaluation'
import { tokensOf, withNewTokens } from '../../peft/new-tokens'
import { floatTypeOf } from '../float-type'
import { openAdapter, openGpu, openLoaded, openRows } from '../open'
import { seesPictures, shotsOf } from '../picture-rows'
import { oldMeasuring } from '../old-evaluation'
import { type Options, methodFields, optionOf } from '../options'
import { ownMethodSettings } from '../preset'
import { runBar } from '../progress'
import { dataOfRun } from '../replayed-rows'
import { inFolder, writeWhole } from '../out-folder'
import { type Chosen, type Trained, checkFree, interruptedRun, isInterrupted, runFolder } from '../run-folder'
import { initialFingerprint, sourceFile } from '../run-source'
import { dropEarlierBest, saveEvery, saverFor, writeBest } from '../save-run'
import { samplesFile } from '../samples-file'
import { type Stage, stagesToTrain } from '../stages'
import { steerBySignal } from '../steer'
import { roomOf, trainingSettings } from '../training-options'
import { orWays } from '../ways'
import { reportExactMatch } from './exact-match'
import { trainPictures } from './train-pictures'

/** @throws UnsupportedError if the option of a setting is given for a method that does not have that setting */
function checkHas(method: Method, given: Settings): void {
  const strange = methodFields.find((f) => f.key in given && !method.fields.some((own) => own.key === f.key))
  if (!strange) return
  const having = everyMethod.filter((m) => m.fields.some((f) => f.key === strange.key)).map((m) => m.name)
  throw new UnsupportedError(
    say`--${optionOf(strange)}: expected one of the methods ${having.join(', ')}, got ${method.name}. Choose one of these, or leave the option out.`,
  )
}

/** A method's settings: those of an adapter to train further, then `options` (settings with their own option), then the pairs of --set. Later ones take precedence. */
export function methodSettings(method: Method, pairs: readonly string[], from: Settings | undefined, options: Settings = {}): Settings {
  const given: Settings = { ...from, ...options }
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const field = method.fields.find((f) => f.key === pair.slice(0, at))
    if (!field)
      throw new FormatError(
        say`--set: expected NAME=VALUE with one of the settings ${method.fields.map((f) => f.key).join(', ')}, got ${pair}. Correct it.`,
      )
    given[field.key] = valueFromText(field, pair.slice(at + 1))
  }
  return parseSettings(method.name, method.fields, given)
}

/** The setting of a method that saves whole models, if --dtype is given. */
function savedAs({ fields }: Method, options: Options): Settings {
  const type = floatTypeOf(options, undefined)
  return type && fields.some(({ key }) => key === 'saveAs') ? { saveAs: type } : {}
}

/** The method and the settings that the options choose, and the adapter to train further. */
export async function chosenRun(options: Options, model: LoadedModel): Promise<{ chosen: Chosen; initial?: Adapter['tensors'] }> {
  const adapter = await openAdapter(model, options.text('init'), true)
  const named = options.text('method')
  const method = named !== undefined ? methodNamed(named) : adapter?.method
  if (!method) throw new FormatError(say`tabtune train needs --method NAME or --init ADAPTER_DIR. Run tabtune help.`)
  const unavailable = method.unavailable?.(model.base)
  if (unavailable) throw new UnsupportedError(unavailable)
  checkHas(method, options.given(methodFields))
  const own = { ...ownMethodSettings(options, method, model.file), ...savedAs(method, options) }
  const settings = methodSettings(method, options.settings, adapter?.settings, own)
  const training = trainingSettings(method, options, roomOf(model))
  const ofPictures = model.file.config.vision && shotsOf(options)
  return { chosen: { method, settings, training: { ...training, ...ofPictures }, like: adapter?.asking }, initial: adapter?.tensors }
}

/** What a person should know about the plan before training starts. */
function planLines(
  { notice, fitted, problem, totalBytes, extraWork = 0, evalRows }: MemoryReport,
  { memoryBudget }: TrainingSettings,
): string[] {
  const budget = `memory: the run takes ${bytesText(totalBytes)} of its budget of ${bytesText(memoryBudget * 2 ** 20)}, with ${(extraWork * 100).toFixed(1)} % more work per step.`
  const sample =
    evalRows && evalRows.used < evalRows.all
      ? [
          `evaluation: each one takes ${evalRows.used} of ${evalRows.all} held-out rows. --eval-rows changes this; tabtune eval measures all of them.`,
        ]
      : []
  const said = [notice, fitted].flatMap((words) => (words ? [sentence(words)] : []))
  return [...said, ...(memoryBudget > 0 && !problem ? [budget] : []), ...sample]
}

/** @throws FormatError if other options are given: the run has its own */
async function resumedRun(options: Options, out: string): Promise<Trained> {
  const other = options.all.find(([name]) => name !== 'resume')
  if (other) throw new FormatError(say`--resume: expected no other options, since the run keeps its own, got --${other[0]}. Leave it out.`)
  const run = await interruptedRun(out)
  return { ...run, out, resume: run.snapshot }
}

/** @throws FormatError if the folder of a run is taken, or if one of its files is missing */
async function refuseMissing(options: Options): Promise<void> {
  if (options.text('resume') !== undefined) return
  await checkFree(options.need('out'))
  for (const name of ['data', 'eval', 'eval-old', 'replay', 'recipe'] as const) {
    const path = options.text(name)
    if (path !== undefined && !(await stat(path).catch(() => undefined)))
      throw new FormatError(say`--${name}: there is no such file or folder as ${path}. Check the path.`)
  }
}

async function newRun(options: Options): Promise<Trained> {
  const out = options.need('out')
  await checkFree(out)
  return { options, out }
}

/** What the command trains on pictures; undefined for a model of text. */
async function pictureRun(given: Options): Promise<Trained | undefined> {
  const resumed = given.text('resume')
  if (resumed === undefined) return (await seesPictures(given)) ? newRun(given) : undefined
  // A folder without an interrupted run of its own is refused below, or has one of two stages, which are of text.
  const run = (await isInterrupted(resumed)) ? await interruptedRun(resumed) : undefined
  return run && (await seesPictures(run.options)) ? resumedRun(given, resumed) : undefined
}

/** Trains each run of the command, as long as the one before has ended by itself. */
export async function train(given: Options): Promise<void> {
  const ofPictures = await pictureRun(given)
  if (ofPictures) return whereWritten(given, () => trainPictures(ofPictures, chosenRun))
  const stages = await stagesToTrain(given)
  // Of all runs, before the first one takes its time.
  for (const { options } of stages) await refuseMissing(options)
  const all = async (): Promise<void> => {
    for (const stage of stages) {
      if (!(await trainOne(stage))) return
      await stage.ended()
    }
  }
  await stages.reduce(
    (work, { options }) =>
      () =>
        whereWritten(options, work),
    all,
  )()
}

/** Does `work` when the folder of the run can be written to. */
async function whereWritten(options: Options, work: () => Promise<void>): Promise<void> {
  const resumed = options.text('resume')
  if (resumed === undefined) return inFolder(options.need('out'), [options.need('model')], work)
  // A folder without a run is refused by the work itself.
  return (await isInterrupted(resumed)) ? inFolder(resumed, [], work, 'resume') : work()
}

/** Whether the run has ended by itself, and was not stopped. */
async function trainOne({ options: given, resumeAt, begins }: Stage): Promise<boolean> {
  const resumed = given.text('resume')
  const { options, out, resume, ...run } = await (resumed === undefined ? newRun(given) : resumedRun(given, resumed))
  const everySteps = saveEvery(options)
  const type = floatTypeOf(options, 'f32')
  const named = options.text('method')
  const gpu = await openGpu()
  const loaded = await openLoaded(gpu, options, named ? (methodNamed(named).bases[0] ?? 'native') : 'native')
  const { chosen, initial } = run.chosen && resume ? { chosen: run.chosen, initial: undefined } : await chosenRun(options, loaded)
  const model = withNewTokens(loaded, tokensOf(chosen))
  const { like, ...about } = chosen
  const { training } = about
  const { maxLength, seed } = training
  const holdOut = options.number('hold-out')
  const files = await dataOfRun(options, { holdOut, seed })
  const rows = await openRows(model, options, { maxLength, seed, holdOut, like }, files)
  const old = await oldMeasuring(gpu, model, options, rows, training)
  const request: RunRequest = { ...about, model, rows, recipe: rows.recipe, replay: files.replay, initial }
  const initialPrint = resume ? run.initial : await initialFingerprint(initial)
  const control = new Control()
  steerBySignal(control)
  const line = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
  const bar = runBar('training')
  const measure = async (adapter: Adapter | undefined, step: number, signal: AbortSignal) => {
    const match = options.flag('exact-match') && (await reportExactMatch(gpu, model, adapter, rows, step, signal))
    if (match) line(match)
  }
  const folder = runFolder(out)
  const samples = samplesFile(out)
  let before: Evaluation | undefined = run.oldLoss === undefined ? undefined : evaluationOf(run.oldLoss)
  if (!resume) {
    await folder.clear()
    await samples.clear()
    const start = initial?.size ? { ...about, tensors: initial } : undefined
    before = await old?.measure(start, 0, control.stopSignal)
    if (everySteps !== undefined) {
      await begins()
      await folder.begin(options, chosen, { oldLoss: before?.evalLoss, initial: initialPrint })
    }
    await measure(undefined, 0, control.stopSignal)
  }
  const events: ConductEvents = {
    onPlan: (memory) => planLines(memory, training).forEach((line) => process.stderr.write(`${line}\n`)),
    onProgress: bar.progress,
    onStep: (m) => {
      line(m)
      bar.step(m)
    },
    onEval: line,
    onSign: ({ step, words }) => process.stderr.write(`step ${step}: ${sentence(words)}\n`),
    onEvaluated: runSamples({ signal: control.stopSignal, onSamples: samples.note }),
    onPaused: () => undefined,
  }
  const keeping = { resume, save: saverFor(folder, everySteps) }
  const done = await orWays(gpu, request, () => conduct(gpu, request, control, events, keeping))
  await samples.written()
  const failed = done.outcome.status === 'failed'
  const after = failed ? undefined : await old?.measure(done.adapter, done.outcome.steps, control.skipSignal)
  const { files: results, failure } = await runFiles('', request, { ...done, oldEval: old?.compared(before, after) }, type)
  await dropEarlierBest(out)
  await writeWhole(out, [...results, await sourceFile(options, request, initialPrint)])
  await writeBest(gpu, request, done, out, folder, type)
  if (done.outcome.status !== 'stopped' || everySteps === undefined) await folder.clear()
  else process.stderr.write(`The run can be resumed: tabtune train --resume ${resumeAt ?? out}\n`)
  if (failure) throw failure
  await measure(done.adapter, done.outcome.steps, control.skipSignal)
  gpu.destroy()
  return done.outcome.status !== 'stopped'
}
