// Plans a run (method, parameters, session) with its exact memory, starts it, ends it and reads its adapter.
import { bytesText } from '../config/bytes'
import { DeviceError, OutOfMemoryError, ShapeError, UnsupportedError } from '../config/errors'
import { type Phrase, joined, say } from '../config/phrase'
import type { Settings } from '../config/field'
import type { TrainingSettings } from '../config/run-config'
import type { MemoryReport } from '../config/run-reports'
import { safetensorsHeader } from '../formats/safetensors'
import { dynamicMap, unsignedDynamicMap } from '../formats/quant/dynamic-map'
import type { Gpu } from '../gpu/gpu'
import type { Profile } from '../gpu/profile'
import { loadMatrices, slotsOf } from '../models/base-model'
import type { LoadedModel } from '../peft/loaded-model'
import { type Adapter, type FileTensor, type Method, type MethodHooks, type NamedTensor, otherTask } from '../peft/method'
import { rateNotice } from '../peft/rates'
import { stateSlot, stateTensor } from '../ops/step-state'
import type { Weight } from '../ops/weight'
import type { Snapshot } from '../storage/snapshot'
import { Parameters } from '../tensor/parameters'
import { release } from '../tensor/program'
import type { Slot } from '../tensor/tensor'
import { readMade } from './made-tensors'
import { warmupNotice } from './schedule'
import { Session } from './session'

interface RunPlan {
  profile: Profile
  model: LoadedModel
  method: Method
  settings: Settings
  training: TrainingSettings
  /** Padded lengths of the training batches. */
  trainLengths: readonly number[]
  evalLengths: readonly number[]
  steps: number
  initial?: Adapter['tensors']
  /** Bytes that the run may take together with the base, if the device has no more. */
  roomBytes?: number
  /** Values per page of paged optimizer states; for tests. */
  pageValues?: number
}

export interface Run {
  plan: RunPlan
  session: Session
  parameters: Parameters
  hooks: MethodHooks
  /** Packed matrices of the base model that the method replaces by its own; they are not on the GPU during the run. */
  replaced: readonly Weight[]
  memory: MemoryReport
}

/** Sets up a method and its parameters for a model; there are gradients only with `options.training`. @throws UnsupportedError for a model of another kind than the method serves */
export async function setUpMethod(
  profile: Profile,
  model: LoadedModel,
  method: Method,
  settings: Settings,
  options: { training?: TrainingSettings; initial?: Adapter['tensors'] },
): Promise<{ hooks: MethodHooks; parameters: Parameters; state: ReturnType<typeof stateSlot> }> {
  const parameters = new Parameters(
    options.training !== undefined,
    profile.maxBindingBytes,
    options.training?.decayAll,
    options.training?.optimizerMemory === 'paged',
    options.training?.optimizer === 'adamw-8bit' ? Float32Array.of(...dynamicMap, ...unsignedDynamicMap) : undefined,
  )
  const wrong = otherTask(method, model.base)
  if (wrong) throw new UnsupportedError(wrong)
  const state = stateSlot()
  const hooks = await method.setUp({
    base: model.base,
    settings,
    parameters,
    seed: options.training?.seed ?? 0,
    stepState: stateTensor(state),
    initial: options.initial,
  })
  return { hooks, parameters, state }
}

/** Why a run cannot start, and the training settings to change. */
type Problem = Pick<MemoryReport, 'problem' | 'problemSettings'>

function problemOf({ profile, model, method, training, settings }: RunPlan): Problem | undefined {
  const unavailable = method.unavailable?.(model.base)
  if (unavailable) return { problem: unavailable }
  if (training.precision === 'fast' && !profile.f16) {
    const problem = say`Precision: expected a graphics device that computes in f16 (WebGPU’s shader-f16) for fast products, got one without it. Choose exact products.`
    return { problem, problemSettings: ['precision'] }
  }
  const virtual = method.virtualTokens?.(settings) ?? 0
  const room = model.file.config.context - virtual
  if (!model.file.config.vision && training.maxLength > room) {
    const problem = virtual
      ? say`The maximum length is ${training.maxLength} tokens; this model takes at most ${room} in addition to ${virtual} virtual tokens. Lower the maximum length.`
      : say`The maximum length is ${training.maxLength} tokens; this model takes at most ${room}. Lower the maximum length.`
    return { problem, problemSettings: ['maxLength'] }
  }
  if (virtual && training.packing) {
    const problem = say`${method.label} puts virtual tokens before each row, so rows cannot be packed together. Turn packing off, or choose a method without virtual tokens.`
    return { problem, problemSettings: ['packing'] }
  }
  return undefined
}

function replacedMatrices({ model, method, settings }: RunPlan): Weight[] {
  const names = method.baseTensors?.(model.base, settings) ?? []
  const { matrices, experts } = model.plan
  return [...new Set(names.flatMap((name) => matrices.get(experts.get(name)?.stack ?? name) ?? []))]
}

/** Bytes of the memory budget; undefined without one. */
export function budgetOf({ memoryBudget }: TrainingSettings): number | undefined {
  return memoryBudget > 0 ? Math.round(memoryBudget * 2 ** 20) : undefined
}

/** Bytes that a run may take, by its budget and its device; undefined without a limit. */
function limitOf({ training, roomBytes }: RunPlan): number | undefined {
  const least = Math.min(budgetOf(training) ?? Infinity, roomBytes ?? Infinity)
  return Number.isFinite(least) ? least : undefined
}

function budgetProblem(plan: RunPlan, totalBytes: number): Problem | undefined {
  const budget = budgetOf(plan.training)
  if (budget === undefined || totalBytes <= budget) return undefined
  const facts = say`The memory budget is ${bytesText(budget)}; this run takes at least ${bytesText(totalBytes)}, even if the backward pass computes every layer again.`
  const problem =
    plan.training.batchSize > 1
      ? say`${facts} Raise the budget, or lower the batch size or the maximum length.`
      : say`${facts} Raise the budget, or lower the maximum length.`
  return { problem, problemSettings: ['memoryBudget', ...sizes(plan.training)] }
}

/** Settings that make a run smaller. */
const sizes = ({ batchSize }: TrainingSettings): string[] => (batchSize > 1 ? ['batchSize', 'maxLength'] : ['maxLength'])

/** The error for a run whose memory the device refused, with advice that fits the run. */
function refusedRun({ training, trainLengths, evalLengths }: RunPlan, facts: Phrase): DeviceError {
  const { batchSize, memoryBudget } = training
  const longest = Math.max(0, ...trainLengths, ...evalLengths)
  const smaller =
    batchSize > 1
      ? say`Lower the batch size (now ${batchSize}) or the maximum length (the longest batches have ${longest} tokens per row).`
      : say`Lower the maximum length (the longest batches have ${longest} tokens per row).`
  const budget = memoryBudget > 0 ? say`Or lower the memory budget (now ${memoryBudget} MiB).` : say`Or set a memory budget.`
  return new DeviceError(say`${facts} ${smaller} ${budget}`, [...sizes(training), 'memoryBudget'])
}

/** The slots of the base that stay on the GPU during a run. */
function baseSlots({ model }: RunPlan, replaced: readonly Weight[]): Slot[] {
  const away = new Set(slotsOf(replaced))
  return model.plan.slots.filter((s) => !away.has(s))
}

function fileTensors({ method, settings, model }: RunPlan, parameters: Parameters): readonly FileTensor[] {
  const trained = parameters.names.map((name) => ({ name, shape: parameters.shape(name) }))
  return method.fileTensors?.(trained, settings, model.base) ?? trained
}

/** The tensors in the weights file that a run will write. */
export const adapterTensors = ({ plan, parameters }: Run): readonly FileTensor[] => fileTensors(plan, parameters)

/** What a person should know before the run, and the training settings that it is about. */
function noticeOf({ method, settings, training, initial, model, steps }: RunPlan): Pick<MemoryReport, 'notice' | 'noticeSettings'> {
  if (initial?.size === 0)
    return { notice: say`${method.label}: the folder has a configuration, but no weights. Training starts from the base model itself.` }
  const notices: [Phrase | undefined, ...string[]][] = [
    [method.notice?.(settings, initial, model.base)],
    [rateNotice(method, model.base.parameters, training.learningRate), 'learningRate'],
    [warmupNotice(training, steps), 'warmup'],
  ]
  const said = notices.filter(([notice]) => notice !== undefined)
  if (said.length === 0) return {}
  return {
    notice: joined(
      said.map(([notice]) => notice!),
      ' ',
    ),
    noticeSettings: said.flatMap(([, ...settings]) => settings),
  }
}

function memoryReport(plan: RunPlan, session: Session, parameters: Parameters, replaced: readonly Weight[]): MemoryReport {
  const byPurpose = new Map<string, number>()
  for (const slot of [...baseSlots(plan, replaced), ...session.slots])
    byPurpose.set(slot.purpose, (byPurpose.get(slot.purpose) ?? 0) + slot.sizeBytes)
  const parts = [...byPurpose].map(([purpose, bytes]) => ({ purpose, bytes }))
  const totalBytes = parts.reduce((sum, p) => sum + p.bytes, 0)
  return {
    totalBytes,
    parts,
    trainableParameters: parameters.count,
    totalParameters: plan.model.plan.parameters,
    adapterFileBytes: safetensorsHeader(fileTensors(plan, parameters)).sizeBytes,
    steps: plan.steps,
    ...(session.hostBytes > 0 && { hostBytes: session.hostBytes }),
    ...(session.extraWork > 0 && { extraWork: session.extraWork }),
    ...(problemOf(plan) ?? budgetProblem(plan, totalBytes)),
    ...noticeOf(plan),
  }
}

/** Plans a run, without the GPU. @throws what the method throws about its settings or its file */
export async function planRun(plan: RunPlan): Promise<Run> {
  const { profile, model, training } = plan
  const { hooks, parameters, state } = await setUpMethod(profile, model, plan.method, plan.settings, { training, initial: plan.initial })
  const replaced = replacedMatrices(plan)
  const limit = limitOf(plan)
  const session = new Session({
    profile,
    base: model.plan,
    hooks,
    parameters,
    training,
    trainLengths: plan.trainLengths,
    evalLengths: plan.evalLengths,
    state,
    budgetBytes: limit && limit - baseSlots(plan, replaced).reduce((sum, s) => sum + s.sizeBytes, 0),
    pageValues: plan.pageValues,
  })
  // If the result could not be written at the end, the person must know before the first step.
  const unwritable = await plan.method.filesProblem?.(model.base)
  const memory = memoryReport(plan, session, parameters, replaced)
  return { plan, session, parameters, hooks, replaced, memory: { ...memory, problem: unwritable ?? memory.problem } }
}

/** Allocates a planned run, as it starts or as it is in `resume`. @throws ShapeError if the plan has a problem; DeviceError if memory does not suffice */
export async function startRun(gpu: Gpu, run: Run, onProgress?: (fraction: number) => void, resume?: Snapshot): Promise<void> {
  if (run.memory.problem) throw new ShapeError(run.memory.problem, run.memory.problemSettings)
  if (!resume) await run.parameters.start(gpu, onProgress)
  release(gpu, slotsOf(run.replaced))
  try {
    await run.session.prepare(gpu, onProgress, resume)
  } catch (error) {
    await endRun(gpu, run)
    throw error instanceof OutOfMemoryError ? refusedRun(run.plan, error.facts) : error
  }
}

/** Frees the memory of the run and loads the base model's replaced matrices again. @throws DeviceError if they no longer fit */
export async function endRun(gpu: Gpu, run: Run): Promise<void> {
  run.session.release(gpu)
  if (run.replaced.length && !gpu.failure) await loadMatrices(gpu, run.plan.model.plan, run.replaced)
}

/** The adapter as it is on the GPU now. */
export async function readRunAdapter(gpu: Gpu, run: Run): Promise<Adapter> {
  const values = await run.parameters.read(gpu)
  const tensors = new Map<string, NamedTensor>([
    ...[...values].map(([name, v]) => [name, { shape: run.parameters.shape(name), values: v }] as const),
    ...(await readMade(gpu, run.hooks)),
  ])
  const { method, settings } = run.plan
  return { method, ...(run.hooks.finished?.(tensors) ?? { settings, tensors }) }
}
