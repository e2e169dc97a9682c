// Takes the first steps of a run twice, with exact and with fast products, from the same starting values with the same rows.
import { ShapeError } from '../config/errors'
import { type Precision, type PrecisionTrial, precisions, trialSteps } from '../config/precision-trial'
import type { Gpu } from '../gpu/gpu'
import { Control } from './control'
import { DeviceRoom } from './device-room'
import { fitRequest } from './fit-run'
import { endRun, startRun } from './run'
import type { RunRequest } from './run-request'
import { train } from './trainer'

interface TrialOptions {
  signal?: AbortSignal
  /** Called after each step. */
  onUpdate?(trials: readonly PrecisionTrial[]): void
  /** Steps that each precision takes; for tests. */
  steps?: number
}

/** The run with one precision. It has the run's own rates, since its number of steps does not change, and no evaluations. */
function withPrecision({ training, rows, ...request }: RunRequest, precision: Precision): RunRequest {
  return { ...request, training: { ...training, precision, evalEvery: 0 }, rows: { ...rows, eval: new Int32Array(0) } }
}

/** The first steps with one precision. A loss that is not finite ends them. */
async function tried(gpu: Gpu, asked: RunRequest, precision: Precision, options: Required<Pick<TrialOptions, 'steps'>> & TrialOptions) {
  const { signal, onUpdate, steps } = options
  const { run, batches, memory } = await fitRequest({ profile: gpu.profile, room: new DeviceRoom(gpu) }, withPrecision(asked, precision))
  if (memory.problem) throw new ShapeError(memory.problem, memory.problemSettings)
  await startRun(gpu, run)
  const [losses, stepMs]: [number[], number[]] = [[], []]
  const control = new Control()
  const stop = (): void => control.stop()
  try {
    signal?.throwIfAborted()
    signal?.addEventListener('abort', stop)
    let last = performance.now()
    const { status } = await train({
      gpu,
      session: run.session,
      training: run.plan.training,
      steps: batches.steps,
      train: batches.train,
      evaluation: batches.evaluation,
      control,
      events: {
        onEval: () => undefined,
        onStep({ loss }) {
          // The step that is under way when the run is stopped is not part of the trial.
          if (losses.length === steps) return
          const now = performance.now()
          stepMs.push(now - last)
          last = now
          losses.push(loss)
          if (losses.length === steps) stop()
          onUpdate?.([{ precision, losses: [...losses], stepMs: [...stepMs] }])
        },
      },
    })
    signal?.throwIfAborted()
    if (status === 'failed') {
      losses.push(NaN)
      stepMs.push(performance.now() - last)
    }
    return { precision, losses, stepMs }
  } finally {
    signal?.removeEventListener('abort', stop)
    await endRun(gpu, run)
  }
}

/**
 * The first steps of the run with each precision, exact ones first. Nothing that is trained is kept.
 * @throws ShapeError if the run does not fit, or if the device does not compute in f16; DeviceError; the signal's reason
 */
export async function tryPrecisions(gpu: Gpu, request: RunRequest, options: TrialOptions = {}): Promise<PrecisionTrial[]> {
  const { steps = trialSteps, onUpdate } = options
  const trials: PrecisionTrial[] = []
  // A device without f16 is refused before the exact steps take their time.
  if (!gpu.profile.f16) await tried(gpu, request, 'fast', { ...options, steps })
  for (const precision of precisions)
    trials.push(await tried(gpu, request, precision, { ...options, steps, onUpdate: (now) => onUpdate?.([...trials, ...now]) }))
  return trials
}
