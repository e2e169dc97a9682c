// Conducts a run across losses of the device: it is resumed from its newest snapshot, and nobody has to click.
import { DeviceLost } from '../config/errors'
import { say } from '../config/phrase'
import type { Gpu } from '../gpu/gpu'
import type { Profile } from '../gpu/profile'
import type { Snapshot } from '../storage/snapshot'
import { type ConductEvents, type Conducted, type Keeping, conduct } from '../train/conduct'
import { conductedAt } from '../train/conducted-at'
import type { Control } from '../train/control'
import { memorySnapshots } from '../train/memory-snapshots'
import type { RunRequest } from '../train/run-request'
import type { HeldDevice } from './held-device'

export interface RecoveryEvents extends ConductEvents {
  /** The device was lost. The run continues as soon as it is back. */
  onRecovering(): void
}

interface SurvivingRun {
  held: HeldDevice
  /** What to train; asked again after a recovery, since the model is another object then. */
  request(): Promise<RunRequest>
  control: Control
  events: RecoveryEvents
  keeping?: Keeping
  /** The newest stored snapshot, for runs that are too large to be kept in main memory. */
  stored?(): Promise<Snapshot | undefined>
  /** After a stop, a lost device is waited for no longer than this. */
  stopPatienceMs?: number
}

/** Losses in a row without a further step, after which the run fails: the work itself seems to be the cause. */
const mostLosses = 5
const mostSilences = 2
/** Aborts some time after `signal` does. */
function later(signal: AbortSignal, ms: number): AbortSignal {
  const controller = new AbortController()
  const wait = (): void => void setTimeout(() => controller.abort(signal.reason), ms)
  if (signal.aborted) wait()
  else signal.addEventListener('abort', wait, { once: true })
  return controller.signal
}

/** Steps and evaluations that are computed again after a recovery are not told again. */
function toldOnce(events: RecoveryEvents): { events: RecoveryEvents; readonly step: number } {
  const told = { step: 0, evaluation: -1 }
  const signs = new Set<string>()
  return {
    get step() {
      return told.step
    },
    events: {
      ...events,
      onResumed(steps, evals) {
        // After a recovery, what the snapshot has was told before.
        if (told.step > 0 || told.evaluation >= 0) return
        told.step = steps.at(-1)?.step ?? 0
        told.evaluation = evals.at(-1)?.step ?? -1
        events.onResumed?.(steps, evals)
      },
      onStep(metrics) {
        if (metrics.step <= told.step) return
        told.step = metrics.step
        events.onStep(metrics)
      },
      onSign(sign) {
        if (!signs.has(sign.name)) events.onSign?.(sign)
        signs.add(sign.name)
      },
      onEval(metrics) {
        if (metrics.step <= told.evaluation) return
        told.evaluation = metrics.step
        events.onEval(metrics)
      },
    },
  }
}

/** The losses since the last new step. */
class LossesInRow {
  private step = -1
  private losses = 0
  private silences = 0

  /** @throws DeviceLost if trying again makes no sense */
  note(loss: DeviceLost, step: number): void {
    if (step > this.step) this.losses = this.silences = 0
    this.step = step
    this.losses++
    if (loss.hung) this.silences++
    const sizes = ['batchSize', 'maxLength']
    if (this.silences >= mostSilences)
      throw new DeviceLost(
        say`Training stopped after step ${step}: the graphics device stopped answering ${mostSilences} times in a row. Lower the batch size or the maximum length.`,
        true,
        sizes,
      )
    if (this.losses >= mostLosses)
      throw new DeviceLost(
        say`Training stopped after step ${step}: the graphics device was lost ${mostLosses} times in a row. Lower the batch size or the maximum length, and close other programs that use the graphics card.`,
        false,
        sizes,
      )
  }
}

/**
 * Trains as requested. A run that is stopped while its device does not come back ends at its newest snapshot. @throws what `conduct` throws;
 * DeviceLost if the device does not come back, or is lost again and again
 */
export async function conductSurviving({
  held,
  request,
  control,
  events,
  keeping = {},
  stored,
  stopPatienceMs = 10_000,
}: SurvivingRun): Promise<{ request: RunRequest; done: Conducted }> {
  const memory = memorySnapshots()
  const told = toldOnce(events)
  const inRow = new LossesInRow()
  const signal = later(control.stopSignal, stopPatienceMs)
  let resume = keeping.resume
  /** Where the run is while its device is lost. */
  let there: { profile: Profile; request: RunRequest; snapshot: Snapshot } | undefined
  for (let recoveries = 0; ; recoveries++) {
    let gpu: Gpu
    try {
      gpu = await held.get(signal)
    } catch (error) {
      if (!control.stopped || !there) throw error
      const done = await conductedAt(there.profile, there.request, there.snapshot)
      // The adapter does not have what came after the snapshot.
      events.onResumed?.(done.steps, done.evals)
      return { request: there.request, done: { ...done, recoveries } }
    }
    let wanted: RunRequest | undefined
    try {
      wanted = await request()
      const done = await conduct(gpu, wanted, control, told.events, { resume, save: memory.saver(keeping.save) })
      return { request: wanted, done: { ...done, recoveries } }
    } catch (error) {
      const loss = await held.lossBehind(gpu, error)
      if (!loss) throw error
      inRow.note(loss, told.step)
    }
    events.onRecovering()
    resume = memory.newest ?? (await stored?.()) ?? keeping.resume
    if (wanted && resume) there = { profile: gpu.profile, request: wanted, snapshot: resume }
  }
}
