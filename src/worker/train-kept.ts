// A run of the engine from its start or its snapshot to its adapter: kept while it trains, and continued when the device is lost.
import type { RunConfig } from '../config/run-config'
import type { RunSummary, SampledAnswers } from '../config/run-reports'
import { runSamples } from '../decode/run-samples'
import type { Control } from '../train/control'
import type { RunRequest } from '../train/run-request'
import type { RunKeeping } from './api'
import { type EventBatch, eventsOf } from './event-batch'
import type { HeldAdapters } from './held-adapters'
import type { HeldDevice } from './held-device'
import type { KeptRuns } from './kept-runs'
import { conductSurviving } from './surviving-run'

interface TrainedRun {
  held: HeldDevice
  kept: KeptRuns
  adapters: HeldAdapters
  runId: string
  config: RunConfig
  keeping?: RunKeeping
  request(config: RunConfig): Promise<RunRequest>
  control: Control
  events: EventBatch
}

/** @throws what training throws; FormatError if there is no snapshot to continue from */
export async function trainKept({
  held,
  kept,
  adapters,
  runId,
  config,
  keeping,
  control,
  events,
  ...parts
}: TrainedRun): Promise<RunSummary> {
  adapters.begin(runId)
  const onSamples = (samples: SampledAnswers): void => events.add({ type: 'samples', samples })
  const told = { ...eventsOf(events), onEvaluated: runSamples({ signal: control.stopSignal, onSamples }) }
  const keeper = await kept.keep(runId, keeping, told, events.add)
  const { save, snapshot: resume, newest: stored } = keeper
  try {
    // The snapshot of a run that is resumed has the values of the adapter that it started from.
    const wanted = keeping?.resume ? { ...config, from: undefined } : config
    const request = () => parts.request(wanted)
    const run = { held, request, control, events: keeper.events, keeping: { save, resume }, stored }
    const survived = await conductSurviving(run)
    return await adapters.takeRun(runId, survived.request, survived.done)
  } finally {
    await keeper.end()
  }
}
