// All runs as the page knows them.
import type { Phrase } from '../config/phrase'
import type { RunProblem } from '../storage/run-store'
import type { Run } from './run'
import type { RunSeries } from './series'

export interface RunsState {
  /** Oldest first. */
  runs: Run[]
  /** The way to the curves: another object whenever a curve has changed, though the curves themselves grow in place. */
  curves: Curves
  usage?: { usedBytes: number; offeredBytes: number }
  loaded: boolean
  /** Kept runs that cannot be read: they stay as they are until they are deleted. */
  problems: RunProblem[]
  /** Runs whose records were lost and that were found in copies when the page was opened. */
  foundBeside: number
  /** Why something could not be kept or read back. */
  error?: Phrase
}

export interface Curves {
  of(runId: string): RunSeries
}
