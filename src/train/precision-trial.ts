// Takes the first steps of a run twice, with exact and with fast products, from the same starting values with the same rows.
import { type PrecisionTrial, precisions, trialSteps } from '../config/precision-trial'
import type { Gpu } from '../gpu/gpu'
import { endRun, startRun } from './run'
import type { RunRequest } from './run-request'
import { planShort, takeSteps } from './short-run'

interface TrialOptions {
  signal?: AbortSignal
  /** Called after each step. */
  onUpdate?(trials: readonly PrecisionTrial[]): void
  /** Steps that each precision takes; for tests. */
  steps?: number
}

/**
 * The first steps of the run with each precision, exact ones first, at the run's own rates. If a step of the exact ones is not finite, fast
 * ones are not tried. Nothing that is trained is kept.
 * @throws ShapeError before the first step if the run does not fit, or if the device does not compute in f16; DeviceError; the signal's
 * reason; TabTuneError for rows that cannot be read
 */
export async function tryPrecisions(gpu: Gpu, request: RunRequest, options: TrialOptions = {}): Promise<PrecisionTrial[]> {
  const { steps = trialSteps, signal, onUpdate } = options
  const plans = []
  for (const precision of precisions)
    plans.push({ precision, planned: await planShort(gpu, { ...request, training: { ...request.training, precision } }) })
  const trials: PrecisionTrial[] = []
  for (const { precision, planned } of plans) {
    const most = Math.min(steps, planned.batches.steps)
    const stepMs: number[] = []
    await startRun(gpu, planned.run)
    try {
      let last = performance.now()
      const { losses, failure } = await takeSteps(gpu, planned, {
        signal,
        most,
        onStep(losses) {
          const now = performance.now()
          stepMs.push(now - last)
          last = now
          onUpdate?.([...trials, { precision, steps: most, losses, stepMs: [...stepMs] }])
        },
      })
      trials.push({ precision, steps: most, losses, stepMs, ...(failure && { failure: failure.phrase }) })
      if (failure) break
    } finally {
      await endRun(gpu, planned.run)
    }
  }
  return trials
}
