// Runs a learning-rate sweep: a few steps at each rate, all from the same weights and optimizer states, with the same rows and seed.
import { type RateSweep, type RateTrial, finerRates, firstRates, sweepSteps } from '../config/rate-sweep'
import { defaultTraining } from '../config/run-config'
import type { Gpu } from '../gpu/gpu'
import { startingTraining } from '../peft/rates'
import { endRun, startRun } from './run'
import type { RunRequest } from './run-request'
import { planShort, takeSteps } from './short-run'

/** The first steps have a smaller rate, as in a run, but a sweep is too short for a run's usual number of them. */
const mostWarmup = 3

/** The request of the sweep's short runs. In its first epoch, a run's own loss is of rows that it has not seen, so they need no evaluation. */
function shortRequest(request: RunRequest, steps: number): RunRequest {
  const { training } = request
  return { ...request, training: { ...training, steps, warmup: Math.min(training.warmup, mostWarmup) } }
}

/** A sweep that is open: its run is on the GPU. */
interface OpenSweep {
  /** Takes the steps at one rate from the starting weights. `onLoss` is called after each. @throws what `takeSteps` throws */
  tryRate(rate: number, signal?: AbortSignal, onLoss?: (losses: readonly number[]) => void): Promise<RateTrial>
  end(): Promise<void>
}

/** Puts the run of a sweep onto the GPU. Call `end` when it is over. @throws ShapeError if the run does not fit; DeviceError */
async function openSweep(gpu: Gpu, asked: RunRequest, steps: number): Promise<OpenSweep> {
  const planned = await planShort(gpu, shortRequest(asked, steps))
  const { run } = planned
  await startRun(gpu, run)
  return {
    end: () => endRun(gpu, run),
    async tryRate(rate, signal, onLoss) {
      signal?.throwIfAborted()
      await run.session.reset(gpu)
      const training = { ...run.plan.training, learningRate: rate }
      const { losses } = await takeSteps(gpu, planned, { signal, training, onStep: onLoss })
      return { rate, losses }
    },
  }
}

interface SweepOptions {
  signal?: AbortSignal
  /** Called after each step. */
  onUpdate?(sweep: RateSweep): void
  /** Steps at each rate, and the rates to begin with; for tests. */
  steps?: number
  first?: readonly number[]
}

/** Tries five rates a decade apart, around the one that the method starts with, then three between the best two. @throws what `openSweep` and `tryRate` throw */
export async function sweepRates(gpu: Gpu, request: RunRequest, options: SweepOptions = {}): Promise<RateSweep> {
  const { method, model } = request
  const start = startingTraining(method, model.plan.parameters).learningRate ?? defaultTraining().learningRate
  const { signal, onUpdate, steps = sweepSteps, first = firstRates(start) } = options
  const sweep = await openSweep(gpu, request, steps)
  const trials: RateTrial[] = []
  const tryAll = async (rates: readonly number[], later: number): Promise<void> => {
    for (const [i, rate] of rates.entries()) {
      const left = rates.length - 1 - i + later
      trials.push(await sweep.tryRate(rate, signal, (losses) => onUpdate?.({ trials: [...trials, { rate, losses }], left })))
      onUpdate?.({ trials: [...trials], left })
    }
  }
  try {
    await tryAll(first, 3)
    await tryAll(finerRates(trials), 0)
    return { trials, left: 0 }
  } finally {
    await sweep.end()
  }
}
