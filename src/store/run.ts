// One run as the page knows it: plain data, both during the run and in storage.
import { type Figures, type StepFigures, evaluationFigures, stepFiguresIn, withStep } from '../config/figures'
import type { AskedBase } from '../config/answered-rows'
import type { RowScore } from '../config/comparison'
import type { Phrase } from '../config/phrase'
import type { Asking } from '../config/asking'
import type { EvalOn } from '../config/eval-record'
import type { TrainedOn } from '../config/identity'
import type { ModelOfRun, OldEvaluation, SampledAnswers, Sign } from '../config/run-reports'
import type { BaseFormat, RunConfig } from '../config/run-config'
import { runStatuses } from '../config/run-reports'
import type {
  AdapterFiles,
  Combination,
  DataOptions,
  EngineStatus,
  EvalMetrics,
  Evaluation,
  MemoryReport,
  Progress,
  RunSummary,
  StepMetrics,
} from '../worker/api'
import type { RunSeries } from './series'

/**
 * `pausing`, `stopping`: requested, but the current step must end first; `interrupted`: the page was closed while the run was running;
 * `elsewhere`: it is running in another tab; `imported`, `combined`: an adapter without a run of ours.
 */
export const pageRunStatuses = [...runStatuses, 'pausing', 'stopping', 'interrupted', 'elsewhere', 'imported', 'combined'] as const
type PageRunStatus = (typeof pageRunStatuses)[number]

export interface ExactMatch {
  matched: number
  rows: number
}

/** How to find what a run used again: by the id of its copy in this browser, or any copy with the fingerprint. */
export interface Findable {
  keptId?: string
  fingerprint?: string
}

/** The data of a run, and how they were read. Runs of older versions have a name and a number of rows. */
export interface DataOfRun extends Findable {
  name: string
  rows: number
  options?: DataOptions
  /** The evaluation file, if rows were not held out. */
  evaluation?: Findable & { name: string }
  /** The held-out rows of earlier data, which are measured before and after the run. */
  oldEvaluation?: Findable & { name: string }
}

/** A row of a comparison without training: the base that is asked in another way, or the answers of another model. */
export interface UntrainedRow {
  name: string
  method: 'base' | 'answers'
  scores?: readonly RowScore[]
  /** Of pictures that the base sorts. */
  evaluation?: Evaluation
  problem?: Phrase
}

/** What a run is in its comparison. */
export interface PartOfComparison {
  id: string
  /** How many held-out rows it answers. */
  exactMatchRows: number
  /** How the base was held before the comparison. */
  base: BaseFormat
  /** What sets it apart from other runs of its method, also without the seed; absent if each method has one run. */
  variant?: string
  group?: string
  /** Most tokens of an answer. */
  maxTokens?: number
  /** How the base is asked without training. */
  asked?: readonly AskedBase[]
  /** Texts with `{}` for the name of a class, in which the base reads the classes without training. */
  templates?: readonly string[]
  /** Names of the files that it uses beside its data. The page does not keep the files themselves. */
  files?: { others: readonly string[]; retained?: string }
  /** The task description, if it is varied, and the one before the comparison. */
  task?: string
  taskBefore?: string
}

export interface Run {
  id: string
  name: string
  /** Place in the palette of curves; stays with the run. */
  colour: number
  createdAt: number
  /** When the record was written, as its copy beside it says too. Older versions did not write it. */
  changedAt?: number
  status: PageRunStatus
  config: RunConfig
  methodLabel: string
  /** Export formats beside PEFT that the method has: `gguf`. */
  exports: string[]
  model: ModelOfRun & { keptId?: string }
  data: DataOfRun
  visible: boolean
  starred?: boolean
  tags?: readonly string[]
  /** What a person has written about it. */
  notes?: string
  memory?: MemoryReport
  progress?: Progress
  last?: StepMetrics
  /** Figures of the whole run, from its steps so far. */
  figures: StepFigures
  lastEval?: EvalMetrics
  bestEval?: EvalMetrics
  /** Held-out prompts, answered at evaluations; the earliest first. */
  samples?: SampledAnswers[]
  summary?: RunSummary
  /** How often the graphics device was lost and recovered during the run; absent = never. */
  recoveries?: number
  /** Why the run failed. */
  error?: Phrase
  /** Keys of the training settings that the sentence asks to change. */
  errorSettings?: readonly string[]
  /** Held-out rows answered exactly, by the base and by the adapter. */
  exactMatch?: { before?: ExactMatch; after?: ExactMatch }
  comparison?: PartOfComparison
  /**
   * The run that comes before it, from whose adapter it starts; absent once it has begun. `anyway`: the person wants to start it although that
   * run ended early.
   */
  after?: { runId: string; anyway?: boolean }
  /** The untouched base on the run's evaluation rows; in comparisons. */
  baseEval?: Evaluation
  /** The held-out rows of earlier data, before and after the run. */
  oldEval?: OldEvaluation
  /** The scores of the answers of the base and of the adapter; in comparisons. */
  scores?: { before?: readonly RowScore[]; after?: readonly RowScore[] }
  /** The file of what the model should still know, before and after the run; in comparisons. */
  retained?: { name: string; before?: Evaluation; after?: Evaluation }
  /** The rows without training of its comparison, as far as they were measured. */
  untrained?: readonly UntrainedRow[]
  /** The adapter's evaluation on the rows of `data`, if a person asked for it after the run. */
  evaluated?: EvalOn
  /** The parts of a combined adapter. */
  combination?: { type: Combination; parts: { name: string; weight: number }[] }
  /** The base that an imported adapter's configuration names. */
  madeFor?: string
  /** The base that an imported adapter was trained on, if TabTune wrote its files. */
  trainedOn?: TrainedOn
  /** How an imported or combined adapter is asked, if its files say. A trained one has it in its summary. */
  asking?: Asking
  /** Sizes of the adapter's files; absent = there is no adapter to download. */
  files?: { path: string; bytes: number }[]
  /** The adapter of the best evaluation, if it is not that of the last step. */
  best?: { step: number; files: { path: string; bytes: number }[] }
  /** Why its adapters could not be kept. Until the page is closed, the engine still has them. */
  unkept?: Phrase
  /** What was said about how it went. */
  signs?: readonly Sign[]
  /**
   * Milliseconds of its training with all evaluations and with what was measured after it. Absent if it was paused, interrupted or stopped, or if
   * the graphics device was lost.
   */
  wholeMs?: number
  /** The newest snapshot, from which the run can be resumed. */
  snapshot?: { step: number; sizeBytes: number }
  /** Why a snapshot could not be kept, or cannot be used. */
  snapshotProblem?: Phrase
}

/** What a person may change of a run at any time. */
export type Noted = Pick<Run, 'name' | 'visible' | 'starred' | 'tags' | 'notes'>

/** A run with its curves, as it is kept. */
export interface KeptRun {
  run: Run
  series: RunSeries
}

const busy: ReadonlySet<PageRunStatus> = new Set(['preparing', 'training', 'recovering', 'pausing', 'paused', 'stopping'])

/** The run holds the engine now. */
export function isActive(run: Run): boolean {
  return busy.has(run.status)
}

/** The run holds the engine, or waits for it. */
export function isPending(run: Run): boolean {
  return isActive(run) || run.status === 'queued'
}

/** The run is paused, or will be as soon as it can. */
export function isHeld(run: Pick<Run, 'status'>): boolean {
  return run.status === 'pausing' || run.status === 'paused'
}

/** The run has ended, in any way. */
export function isOver(run: Run): boolean {
  return !isActive(run) && run.status !== 'queued' && run.status !== 'elsewhere'
}

/** The run can be deleted: it is not running, in this tab or another. */
export function canRemove(run: Run): boolean {
  return isOver(run) || run.status === 'queued'
}

/** The adapter has a run with curves: trained here, or imported with its run's files. */
export function isTrained(run: Run): boolean {
  if (run.status === 'imported') return run.last !== undefined || run.summary !== undefined
  return run.status !== 'combined'
}

/** The settings of its training are those of a run. A log of another trainer has curves, but not all settings. */
export function knowsTraining(run: Run): boolean {
  return isTrained(run) && (run.status !== 'imported' || run.summary !== undefined)
}

/** The number of steps of the whole run, where that is known. Its setting may be 0, which means as many as its epochs need. */
export function stepsOf(run: Run): number | undefined {
  const set = knowsTraining(run) ? run.config.training.steps : 0
  return run.last?.steps ?? (set || undefined) ?? (run.summary?.memory ?? run.memory)?.steps
}

/** The files of an adapter as a run names them. */
export const sizesOf = ({ files }: AdapterFiles): NonNullable<Run['files']> =>
  files.map(({ path, bytes }) => ({ path, bytes: bytes.byteLength }))

/** The weights file of an adapter. Methods name it differently; `trainable.safetensors` has other values. */
const isWeights = (path: string) => path.endsWith('.safetensors') && path !== 'trainable.safetensors'

/** Bytes of the adapter's weights file: the size shown for an adapter everywhere. */
export function adapterBytes(run: Run): number | undefined {
  return run.files?.find((f) => isWeights(f.path))?.bytes ?? run.summary?.adapterBytes
}

/**
 * A run that did not come to its end and can be resumed: from its snapshot, or from its start if it has none. A failed run that has an adapter,
 * though there was no room for it, came to its end. A run that could not begin after the run before it can begin later.
 */
export function canResume({ status, snapshot, unkept, after }: Run): boolean {
  const waits = snapshot !== undefined || after !== undefined
  return status === 'interrupted' || (status === 'failed' && waits && unkept === undefined)
}

/** Resuming the run takes no step from its curve that was not computed again with the same numbers. */
export function losesNothing({ snapshot, last }: Run): boolean {
  return snapshot !== undefined || last === undefined
}

/** `run` as it is found in storage: over, running in another tab, or interrupted. */
export function found(run: Run, elsewhere: boolean): Run {
  const still = { ...run, progress: undefined }
  return isOver(run) ? still : { ...still, status: elsewhere ? 'elsewhere' : 'interrupted' }
}

/** `run` with the engine's status; a requested pause or stop is shown until the engine has done it. */
export function withStatus(run: Run, status: EngineStatus): Run {
  if (run.status === 'elsewhere') return run
  const asked = run.status === 'stopping' || (run.status === 'pausing' && status !== 'paused')
  const counted = status === 'recovering' ? { ...run, recoveries: (run.recoveries ?? 0) + 1 } : run
  return asked ? counted : { ...counted, status }
}

/** `run` with a step taken in. */
export function withMetrics(run: Run, metrics: StepMetrics): Run {
  return { ...run, last: metrics, figures: withStep(run.figures, metrics) }
}

/** `run` with something said about how it goes. A run that is resumed says it again. */
export function withSign(run: Run, sign: Sign): Run {
  return { ...run, signs: [...(run.signs ?? []).filter(({ name }) => name !== sign.name), sign] }
}

/** `run` before its first step, for taking its metrics in again. */
export function withoutMetrics(run: Run): Run {
  return { ...run, figures: {}, last: undefined, lastEval: undefined, bestEval: undefined, signs: undefined }
}

/** Share of rows that were answered exactly. */
export function shareOf(found: ExactMatch | undefined): number | undefined {
  return found && found.rows > 0 ? found.matched / found.rows : undefined
}

/** The evaluations that stand for the whole run: of the weights that are kept, and the best one; so far, where it is not over. */
export function evaluationsOf(run: Run): { last?: EvalMetrics; best?: EvalMetrics } {
  const { summary } = run
  return { last: summary?.finalEval ?? finalEval(run), best: summary?.bestEval ?? run.bestEval }
}

/** Figures of the whole run: from its summary, or so far. */
export function figuresOf(run: Run): Figures {
  const { summary } = run
  const { last, best } = evaluationsOf(run)
  return {
    ...run.figures,
    ...(summary && stepFiguresIn(summary)),
    ...evaluationFigures(last, best),
    exactMatch: shareOf(run.exactMatch?.after),
  }
}

/** The evaluation of the final weights, if they were measured; of a run that is not over, the latest. */
export function finalEval(run: Run): EvalMetrics | undefined {
  if (run.summary?.restoredStep !== undefined) return run.summary.finalEval
  return !isOver(run) || run.lastEval?.step === (run.last?.step ?? 0) ? run.lastEval : undefined
}

/** The evaluation at the end of the run's training, and the name of its rows. */
export function recordOfRun(run: Run): EvalOn | undefined {
  const found = run.summary?.finalEval ?? (isTrained(run) ? finalEval(run) : undefined)
  return found && { ...found, data: run.data.evaluation?.name ?? run.data.name }
}

/** `run` with an evaluation taken in. */
export function withEval(run: Run, metrics: EvalMetrics): Run {
  const better = run.bestEval ? metrics.evalLoss < run.bestEval.evalLoss : !Number.isNaN(metrics.evalLoss)
  return { ...run, lastEval: metrics, bestEval: better ? metrics : run.bestEval }
}
