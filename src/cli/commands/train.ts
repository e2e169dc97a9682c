// tabtune train: prints one JSON object per step to stdout and writes the adapter's folder to --out.
import { bytesText } from '../../config/bytes'
import { FormatError, UnsupportedError } from '../../config/errors'
import { say, sentence } from '../../config/phrase'
import { parseSettings, valueFromText, type Settings } from '../../config/field'
import type { TrainingSettings } from '../../config/run-config'
import type { MemoryReport } from '../../config/run-reports'
import type { Adapter, Method } from '../../peft/method'
import { methodNamed, methods } from '../../peft/registry'
import { conduct } from '../../train/conduct'
import type { RunRequest } from '../../train/run-request'
import type { LoadedModel } from '../../peft/loaded-model'
import { runFiles } from '../../train/run-files'
import { Control } from '../../train/control'
import { tokensOf, withNewTokens } from '../../peft/new-tokens'
import { writeFolder } from '../files'
import { openAdapter, openGpu, openLoaded, openRows } from '../open'
import { type Options, methodFields, optionOf } from '../options'
import { runBar } from '../progress'
import { steerBySignal } from '../steer'
import { trainingSettings } from '../training-options'
import { reportExactMatch } from './exact-match'

/** @throws UnsupportedError if the option of a setting is given for a method that does not have that setting */
function checkHas(method: Method, given: Settings): void {
  const strange = methodFields.find((f) => f.key in given && !method.fields.some((own) => own.key === f.key))
  if (!strange) return
  const having = methods.filter((m) => m.fields.some((f) => f.key === strange.key)).map((m) => m.name)
  throw new UnsupportedError(
    say`--${optionOf(strange)}: expected one of the methods ${having.join(', ')}, got ${method.name}. Choose one of these, or leave the option out.`,
  )
}

/** A method's settings: those of an adapter to train further, then `options` (settings with their own option), then the pairs of --set. Later ones take precedence. */
export function methodSettings(method: Method, pairs: readonly string[], from: Settings | undefined, options: Settings = {}): Settings {
  checkHas(method, options)
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

async function resolveMethod(options: Options, model: LoadedModel): Promise<{ method: Method; adapter: Adapter | undefined }> {
  const adapter = await openAdapter(model, options.text('init'), true)
  const named = options.text('method')
  const method = named !== undefined ? methodNamed(named) : adapter?.method
  if (!method) throw new FormatError(say`tabtune train needs --method NAME or --init ADAPTER_DIR. Run tabtune help.`)
  return { method, adapter }
}

/** What a person should know about the plan before training starts. */
function planLines({ notice, totalBytes, extraWork = 0 }: MemoryReport, { memoryBudget }: TrainingSettings): string[] {
  const budget = `memory: the run takes ${bytesText(totalBytes)} of its budget of ${bytesText(memoryBudget * 2 ** 20)}, with ${(extraWork * 100).toFixed(1)} % more work per step.`
  return [...(notice === undefined ? [] : [sentence(notice)]), ...(memoryBudget > 0 ? [budget] : [])]
}

export async function train(options: Options): Promise<void> {
  const out = options.need('out')
  const named = options.text('method')
  const gpu = await openGpu()
  const loaded = await openLoaded(gpu, options, named ? (methodNamed(named).bases[0] ?? 'native') : 'native')
  const { method, adapter } = await resolveMethod(options, loaded)
  const settings = methodSettings(method, options.settings, adapter?.settings, options.given(methodFields))
  const model = withNewTokens(loaded, tokensOf({ method, settings }))
  const training = trainingSettings(method, options, model.file.config.context)
  const rows = await openRows(model, options, training.maxLength, training.seed, options.number('hold-out') ?? 0)
  const request: RunRequest = {
    model,
    method,
    settings,
    training,
    rows,
    initial: adapter?.tensors,
  }
  const control = new Control()
  steerBySignal(control)
  const line = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
  const bar = runBar('training')
  const measure = async (adapter: Adapter | undefined, step: number, signal: AbortSignal) => {
    const match = options.flag('exact-match') && (await reportExactMatch(gpu, model, adapter, rows, step, signal))
    if (match) line(match)
  }
  await measure(undefined, 0, control.stopSignal)
  const done = await conduct(gpu, request, control, {
    onPlan: (memory) => planLines(memory, training).forEach((line) => process.stderr.write(`${line}\n`)),
    onProgress: bar.progress,
    onStep: (m) => {
      line(m)
      bar.step(m)
    },
    onEval: line,
    onPaused: () => undefined,
  })
  const { files, failure } = await runFiles('', request, done)
  await writeFolder(out, files)
  if (failure) throw failure
  await measure(done.adapter, done.outcome.steps, control.skipSignal)
  gpu.destroy()
}
