// Conducts a run from its plan to its adapter, for the page's worker and for the command line.
import type { Settings } from '../config/field'
import type { TrainingSettings } from '../config/run-config'
import type { EvalMetrics, MemoryReport, ModelOfRun, RunProgress, RunSummary, StepMetrics } from '../config/run-reports'
import type { Rows } from '../data/run-rows'
import type { Gpu } from '../gpu/gpu'
import type { Profile } from '../gpu/profile'
import type { Adapter, Method } from '../peft/method'
import { type BatchPlan, planRunBatches } from './batches'
import type { LoadedModel } from '../peft/loaded-model'
import { type Run, endRun, planRun, readRunAdapter, startRun } from './run'
import type { Control } from './control'
import { type Outcome, train } from './trainer'

export interface RunRequest {
  model: LoadedModel
  method: Method
  settings: Settings
  training: TrainingSettings
  rows: Rows
  /** Values to start from; absent = a new adapter. */
  initial?: Adapter['tensors']
}

export interface ConductEvents {
  /** Called with the plan, before anything is allocated. */
  onPlan?(memory: MemoryReport): void
  onProgress(progress: RunProgress): void
  onStep(metrics: StepMetrics): void
  onEval(metrics: EvalMetrics): void
  onPaused(paused: boolean): void
}

export interface Conducted {
  outcome: Outcome
  adapter: Adapter
  memory: MemoryReport
  /** Peak of the bytes allocated on the GPU during the run, including the base model. */
  peakGpuBytes: number
  steps: StepMetrics[]
  evals: EvalMetrics[]
}

/** Plans a run and its batches, without the GPU. */
export async function planRequest(profile: Profile, request: RunRequest): Promise<{ run: Run; batches: BatchPlan }> {
  const batches = planRunBatches(request.rows, request.training, request.method)
  const run = await planRun({
    profile,
    ...request,
    trainLengths: batches.trainLengths,
    evalLengths: batches.evalLengths,
    steps: batches.steps,
  })
  return { run, batches }
}

/** Trains as requested. A run that fails still returns the adapter of its last good step. @throws what planning or allocating throws */
export async function conduct(gpu: Gpu, request: RunRequest, control: Control, events: ConductEvents): Promise<Conducted> {
  const { run, batches } = await planRequest(gpu.profile, request)
  events.onPlan?.(run.memory)
  gpu.resetPeak()
  events.onProgress({ phase: 'compiling', fraction: 0 })
  await startRun(gpu, run, (fraction) => events.onProgress({ phase: 'compiling', fraction }))
  const steps: StepMetrics[] = []
  const evals: EvalMetrics[] = []
  try {
    events.onProgress({ phase: 'training' })
    const outcome = await train({
      gpu,
      session: run.session,
      training: request.training,
      steps: batches.steps,
      train: batches.train,
      evaluation: batches.evaluation,
      control,
      events: {
        onStep: (m) => {
          steps.push(m)
          events.onStep(m)
        },
        onEval: (m) => {
          evals.push(m)
          events.onEval(m)
        },
        onPaused: events.onPaused,
        onProgress: events.onProgress,
      },
    })
    const peakGpuBytes = gpu.peakBytes
    const adapter = { ...(await readRunAdapter(gpu, run)), asking: request.rows.dataset.asking }
    return { outcome, adapter, memory: run.memory, peakGpuBytes, steps, evals }
  } finally {
    await endRun(gpu, run)
  }
}

const modelOf = ({ file, plan, identity }: LoadedModel): ModelOfRun => ({
  name: file.name,
  family: file.config.family,
  base: plan.base,
  ...identity,
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
  const best = evals.reduce<EvalMetrics | undefined>((a, b) => (a && a.evalLoss <= b.evalLoss ? a : b), undefined)
  return {
    runId,
    status,
    config: { method: request.method.name, methodSettings: request.settings, training: request.training },
    model: modelOf(request.model),
    data: { name: request.rows.dataset.name, rows: request.rows.train.length },
    memory,
    peakGpuBytes: done.peakGpuBytes,
    ...outcome.figures,
    firstEval: evals[0],
    // Absent if the closing evaluation was skipped: older evaluations are about an older adapter.
    finalEval: evals.findLast((e) => e.step === outcome.steps),
    bestEval: best,
    elapsedMs: outcome.elapsedMs,
    adapterBytes,
  }
}
