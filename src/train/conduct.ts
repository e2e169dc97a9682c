// Conducts a run from its plan to its adapter, for the page's worker and for the command line.
import type { EvalRecord } from '../config/eval-record'
import type {
  EvalMetrics,
  MemoryReport,
  ModelOfRun,
  OldEvaluation,
  RunProgress,
  RunSummary,
  Sign,
  StepMetrics,
} from '../config/run-reports'
import type { Phrase } from '../config/phrase'
import { evalTextOf } from '../data/eval-text'
import type { Gpu } from '../gpu/gpu'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter } from '../peft/method'
import { DeviceRoom } from './device-room'
import { fitRequest } from './fit-run'
import type { Snapshot } from '../storage/snapshot'
import { sampled } from './eval-rows'
import { BestWeights } from './best-weights'
import { enough, restored, stoppedEarly } from './early-stop'
import { type Numbers, type RunSaver, bestEvaluation, keeping } from './keep-run'
import { originOf, resumed } from './resume'
import type { RunRequest } from './run-request'
import { NumberRows } from './number-rows'
import { oddTensor } from './odd-tensor'
import { type Run, endRun, readRunAdapter, startRun } from './run'
import type { Control } from './control'
import { watchRun } from './signs/registry'
import { type Outcome, train } from './trainer'

/** A run between two steps. */
export interface LiveRun {
  gpu: Gpu
  run: Run
  rows: RunRequest['rows']
}

export interface ConductEvents {
  /** Called with the plan, before anything is allocated. */
  onPlan?(memory: MemoryReport): void
  /** Called before the first step of a run that continues from a snapshot, with all its metrics up to there. */
  onResumed?(steps: readonly StepMetrics[], evals: readonly EvalMetrics[]): void
  onProgress(progress: RunProgress): void
  onStep(metrics: StepMetrics): void
  onEval(metrics: EvalMetrics): void
  /** Called after each evaluation of a run that was not stopped, while no step is under way: the weights on the GPU are those of that step. `elapsedMs`: of training so far. */
  onEvaluated?(live: LiveRun, metrics: EvalMetrics, elapsedMs: number): Promise<void>
  onPaused(paused: boolean): void
  /** Something about how the run goes that a person should know. */
  onSign?(sign: Sign): void
  /** The run was to be left, but no other page would find where it is. */
  onStays?(reason: Phrase): void
}

export interface Conducted {
  outcome: Outcome
  adapter: Adapter
  memory: MemoryReport
  /** Peak of the bytes allocated on the GPU during the run, including the base model, without what is done beside the training at an evaluation. */
  peakGpuBytes: number
  steps: StepMetrics[]
  evals: EvalMetrics[]
  signs?: Sign[]
  /** The step of the weights, if early stopping put back those of the best evaluation. */
  restoredStep?: number
  /** Of the run's rows (`src/train/rows-fingerprint.ts`); absent if the run was not kept. */
  rowsFingerprint?: string
  /** How often the graphics device was lost and recovered during the run. */
  recoveries?: number
  /** The held-out rows of earlier data, if they were measured too. */
  oldEval?: OldEvaluation
}

/** Where a run begins, and how it is kept. */
export interface Keeping {
  /** A snapshot from which the run is resumed; absent = from its start. */
  resume?: Snapshot
  save?: RunSaver
}

/**
 * Trains as requested, from the start or from a snapshot. A run that fails still returns the adapter of its last good step.
 * @throws what planning or allocating throws; FormatError, UnsupportedError if the snapshot is damaged or belongs to another run
 */
export async function conduct(
  device: Gpu,
  request: RunRequest,
  control: Control,
  events: ConductEvents,
  { resume, save }: Keeping = {},
): Promise<Conducted> {
  const before = resume && (await resumed(device, request, resume))
  const gpu = before?.gpu ?? device
  // What an estimate found out before may have changed: other programs use the device too.
  const room = new DeviceRoom(device)
  const planned = await fitRequest({ profile: gpu.profile, room }, before?.request ?? request, before?.fit)
  const { run, batches } = planned
  await before?.checkLayout(run)
  const memory = before ? before.noted(planned.memory) : planned.memory
  events.onPlan?.(memory)
  gpu.resetPeak()
  events.onProgress({ phase: 'compiling', fraction: 0 })
  await startRun(gpu, run, (fraction) => events.onProgress({ phase: 'compiling', fraction }), resume)
  if (before) events.onResumed?.(before.steps, before.evals)
  const steps = new NumberRows(before?.steps)
  const numbers: Numbers = { steps, evals: before?.evals ?? [] }
  let highest = before?.peakGpuBytes ?? 0
  const peakGpuBytes = () => Math.max(highest, gpu.peakBytes)
  const signs: Sign[] = []
  const tell = (sign: Sign): void => {
    signs.push(sign)
    events.onSign?.(sign)
  }
  const watched = watchRun(request.training, tell)
  watched.replay(steps, numbers.evals)
  const best = request.training.patience > 0 ? new BestWeights(run) : undefined
  if (resume) await best?.resume(resume)
  try {
    events.onProgress({ phase: 'training' })
    const origin = save && (before?.origin ?? (await originOf(planned.request)))
    const outcome = await train({
      gpu,
      session: run.session,
      training: run.plan.training,
      steps: batches.steps,
      train: batches.train,
      evaluation: batches.evaluation,
      control,
      resume: before?.state,
      enough: best && (() => enough(gpu, best, numbers.evals, request.training)),
      findOdd: (micro, step) => oddTensor(gpu, run, micro, step),
      async evaluated(metrics, elapsedMs) {
        highest = peakGpuBytes()
        await events.onEvaluated?.({ gpu, run, rows: planned.request.rows }, metrics, elapsedMs)
        gpu.resetPeak()
      },
      keep: save && origin && (await keeping(gpu, run, origin, numbers, peakGpuBytes, save, best)),
      events: {
        onPaused: events.onPaused,
        onStays: events.onStays?.bind(events),
        onProgress: events.onProgress,
        onStep: (m) => {
          steps.push(m)
          events.onStep(m)
          watched.onStep(m)
        },
        onEval: (m) => {
          numbers.evals.push(m)
          events.onEval(m)
          watched.onEval(m)
        },
      },
    })
    const known = { peakGpuBytes: peakGpuBytes(), rowsFingerprint: origin?.data.fingerprint }
    const restoredStep = best && outcome.status !== 'failed' ? restored(gpu, best, numbers.evals, outcome.steps) : undefined
    if (outcome.status === 'finished' && outcome.steps < batches.steps)
      tell(stoppedEarly(request.training, outcome.steps, restoredStep ?? outcome.steps))
    const evaluation = recordOf(request, memory, finalEvaluation(numbers.evals, restoredStep ?? outcome.steps))
    const adapter = { ...(await readRunAdapter(gpu, run)), asking: request.rows.dataset.asking, evaluation }
    return { outcome, adapter, memory, ...known, steps: [...steps], evals: numbers.evals, signs, restoredStep }
  } finally {
    await endRun(gpu, run)
  }
}

/** Absent if the closing evaluation was skipped: older evaluations are about an older adapter. */
const finalEvaluation = (evals: readonly EvalMetrics[], steps: number): EvalMetrics | undefined => evals.findLast((e) => e.step === steps)

/** What an adapter's file says of its evaluation. A loss that is not a number is not in it, because JSON has none. */
export function recordOf(
  { rows }: RunRequest,
  { evalRows }: Pick<MemoryReport, 'evalRows'>,
  found: EvalMetrics | undefined,
): EvalRecord | undefined {
  if (!found || !Number.isFinite(found.evalLoss)) return undefined
  const { step: _, ...evaluation } = found
  return { data: rows.evalDataset.name, rows: evalRows?.used ?? rows.eval.length, ...evaluation }
}

const modelOf = ({ file, plan, identity }: LoadedModel): ModelOfRun => ({
  name: file.name,
  family: file.config.family,
  base: plan.base,
  ...identity,
})

/** The rows that every evaluation took. */
const evaluatedRows = ({ evalDataset, eval: all }: RunRequest['rows'], { evalRows }: MemoryReport) => ({
  evalDataset,
  eval: sampled(all, evalRows?.used ?? all.length),
})

/** The summary of a run that did not fail. */
export function summarise(
  runId: string,
  status: RunSummary['status'],
  request: RunRequest,
  done: Conducted,
  adapterBytes: number,
): RunSummary {
  const { outcome, memory, evals } = done
  return {
    runId,
    status,
    config: { method: request.method.name, methodSettings: request.settings, training: request.training, recipe: request.recipe },
    model: modelOf(request.model),
    data: {
      name: request.rows.dataset.name,
      rows: request.rows.train.length,
      rowsFingerprint: done.rowsFingerprint,
      replay: request.replay,
    },
    oldEval: done.oldEval,
    asking: done.adapter.asking,
    memory,
    peakGpuBytes: done.peakGpuBytes,
    ...outcome.figures,
    firstEval: evals[0],
    finalEval: finalEvaluation(evals, done.restoredStep ?? outcome.steps),
    bestEval: bestEvaluation(evals),
    evalText: evalTextOf(evaluatedRows(request.rows, memory), request.training.maxLength, request.method.leadsRows === true),
    elapsedMs: outcome.elapsedMs,
    adapterBytes,
    signs: done.signs?.length ? done.signs : undefined,
    restoredStep: done.restoredStep,
    recoveries: done.recoveries || undefined,
  }
}
