// What a run had done at a snapshot, without a device: for a run that is stopped while its device is gone.
import type { EvalMetrics, Sign, StepMetrics } from '../config/run-reports'
import type { Profile } from '../gpu/profile'
import type { Snapshot } from '../storage/snapshot'
import type { Conducted } from './conduct'
import { planRequest } from './fit-run'
import { keptAdapter, unread } from './kept-adapter'
import type { RunRequest } from './run-request'
import { readNumbers } from './run-snapshot'
import { watchRun } from './signs/registry'
import { parseAbout } from './snapshot-about'

/** The run as if it had been stopped at the snapshot. @throws FormatError, UnsupportedError if the snapshot is damaged or of another model */
export async function conductedAt(profile: Profile, request: RunRequest, snapshot: Snapshot): Promise<Conducted> {
  const { origin, state, columns, peakGpuBytes } = parseAbout(snapshot.about)
  const { run } = await planRequest(profile, { ...request, fit: origin.fit, initial: origin.start && unread(origin.start) })
  const { adapter } = await keptAdapter(profile, request.model, snapshot)
  const steps = await readNumbers<StepMetrics>(snapshot, 'steps', columns.steps)
  const evals = await readNumbers<EvalMetrics>(snapshot, 'evals', columns.evals)
  const signs: Sign[] = []
  watchRun(request.training, (sign) => signs.push(sign)).replay(steps, evals)
  return {
    outcome: { status: 'stopped', steps: state.step, figures: state.figures, elapsedMs: state.elapsedMs },
    adapter,
    memory: run.memory,
    peakGpuBytes,
    steps,
    evals,
    signs,
  }
}
