// The part of the worker's interface that advises before a run.
import type { Result } from '../config/errors'
import type { PrecisionTrial } from '../config/precision-trial'
import type { RateSweep } from '../config/rate-sweep'
import type { RunConfig } from '../config/run-config'
import type { RunMeasure } from '../config/run-measure'
import type { MemoryReport, WayToFit } from '../config/run-reports'

export interface AdviceApi {
  /** Exact memory and step count, before anything is allocated. */
  estimate(config: RunConfig): Promise<Result<MemoryReport>>
  /** Changes that would each make a run fit that does not; none if it fits. `refused`: the device did not give its memory, whatever the plan says. */
  waysToFit(config: RunConfig, refused?: boolean): Promise<Result<WayToFit[]>>
  /** Tries learning rates, a few steps each; `cancel` ends it. Updates carry all losses so far. */
  rateSweep(config: RunConfig, onUpdate: (sweep: RateSweep) => void): Promise<Result<RateSweep>>
  /** Takes a few steps to say how long the run takes, of `sizes` also with 1, 2, 4, … rows at once. No weight changes; `cancel` ends it. */
  measureRun(config: RunConfig, sizes: boolean, onUpdate: (measure: RunMeasure) => void): Promise<Result<RunMeasure>>
  /** Takes the first steps of the run with exact and with fast products, to say what fast ones cost and save; `cancel` ends it. */
  tryPrecisions(config: RunConfig, onUpdate: (trials: readonly PrecisionTrial[]) => void): Promise<Result<PrecisionTrial[]>>
}
