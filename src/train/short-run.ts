// A few steps of a run before it starts, to measure it or to try a setting. They are not evaluated, and nothing that they train is kept.
import { ShapeError, type TabTuneError } from '../config/errors'
import type { TrainingSettings } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { Control } from './control'
import { DeviceRoom } from './device-room'
import { fitRequest } from './fit-run'
import type { RunRequest } from './run-request'
import { train } from './trainer'

/** The run of a request, planned without its evaluations. Call `startRun` and `endRun` with its `run`. @throws ShapeError if it does not fit */
export async function planShort(gpu: Gpu, { training, rows, ...request }: RunRequest) {
  const asked = { ...request, training: { ...training, evalEvery: 0 }, rows: { ...rows, eval: new Int32Array(0) } }
  const planned = await fitRequest({ profile: gpu.profile, room: new DeviceRoom(gpu) }, asked)
  if (planned.memory.problem) throw new ShapeError(planned.memory.problem, planned.memory.problemSettings)
  return planned
}

interface StepsOptions {
  signal?: AbortSignal
  /** Takes the place of the run's own settings. */
  training?: TrainingSettings
  /** Steps to take; absent = all of the run. */
  most?: number
  /** Called after each step, with the losses so far. */
  onStep?(losses: readonly number[]): void
}

interface Steps {
  /** By step. A loss that is not a number is the last one. */
  losses: number[]
  /** Why a step was not finite. */
  failure?: TabTuneError
}

/** Takes the first steps of a run that is on the GPU. @throws the signal's reason if it is stopped; TabTuneError for rows that cannot be read */
export async function takeSteps(
  gpu: Gpu,
  { run, batches }: Awaited<ReturnType<typeof planShort>>,
  { signal, training = run.plan.training, most = batches.steps, onStep }: StepsOptions = {},
): Promise<Steps> {
  const losses: number[] = []
  const control = new Control()
  const stop = (): void => control.stop()
  signal?.throwIfAborted()
  signal?.addEventListener('abort', stop)
  try {
    const { failure, diverged } = await train({
      gpu,
      session: run.session,
      training,
      steps: batches.steps,
      train: batches.train,
      evaluation: batches.evaluation,
      control,
      events: {
        onEval: () => undefined,
        onStep({ loss }) {
          // A step that was under way when the others were enough does not count.
          if (losses.length === most) return
          losses.push(loss)
          if (losses.length === most) stop()
          onStep?.([...losses])
        },
      },
    })
    signal?.throwIfAborted()
    if (!failure || losses.length === most) return { losses }
    if (!diverged) throw failure
    return { losses: [...losses, NaN], failure }
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
