// What the page knows of one run: plain data, the same while it goes on and after it was kept.
import type { BaseFormat, RunConfig } from '../config/run-config'
import type { EvalMetrics, MemoryReport, Progress, RunStatus, RunSummary, SampleText, StepMetrics } from '../worker/api'
import type { RunSeries } from './series'

/** `interrupted`: the page went away while the run was going on. */
export type PageRunStatus = RunStatus | 'interrupted'

export interface ExactMatch {
  matched: number
  rows: number
}

export interface Run {
  id: string
  name: string
  /** Place in the palette of curves; stays with the run. */
  colour: number
  createdAt: number
  status: PageRunStatus
  config: RunConfig
  methodLabel: string
  /** Export formats beside PEFT that the method has: `gguf`. */
  exports: string[]
  model: { name: string; family: string; base: BaseFormat }
  data: { name: string; rows: number }
  visible: boolean
  memory?: MemoryReport
  progress?: Progress
  last?: StepMetrics
  bestLoss?: number
  firstEval?: EvalMetrics
  lastEval?: EvalMetrics
  bestEval?: EvalMetrics
  summary?: RunSummary
  /** The engine's sentence why the run failed. */
  error?: string
  /** Held-out rows answered exactly, by the base and by the adapter. */
  exactMatch?: { before?: ExactMatch; after?: ExactMatch }
  samples: SampleText[]
  /** Sizes of the adapter's kept files; absent = there is no adapter to download. */
  files?: { path: string; bytes: number }[]
}

/** A run with its curves, as it is kept. */
export interface KeptRun {
  run: Run
  series: RunSeries
}

const busy: ReadonlySet<PageRunStatus> = new Set(['preparing', 'training', 'paused'])

/** The run holds the engine now. */
export function isActive(run: Run): boolean {
  return busy.has(run.status)
}

/** The run is over, whichever way. */
export function isOver(run: Run): boolean {
  return !isActive(run) && run.status !== 'queued'
}

/** `run` as it is found again after a reload: nothing goes on any more. */
export function afterReload(run: Run): Run {
  if (isOver(run)) return { ...run, progress: undefined }
  return { ...run, status: 'interrupted', progress: undefined }
}

/** `run` with an evaluation taken in. */
export function withEval(run: Run, metrics: EvalMetrics): Run {
  const better = !run.bestEval || metrics.evalLoss < run.bestEval.evalLoss
  return { ...run, firstEval: run.firstEval ?? metrics, lastEval: metrics, bestEval: better ? metrics : run.bestEval }
}
