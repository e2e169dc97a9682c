// The only types both sides of the worker share. Plain data both ways; errors travel as values,
// since comlink loses their fields.
import type { AskedBase, RowAnswers, TokenPieces } from '../config/answered-rows'
import type { Asked } from '../config/asking'
import type { BaseCheck } from '../config/base-check'
import type { BenchChoice, BenchReport, BenchUpdate } from '../config/bench-report'
import type { ErrorReport, Result } from '../config/errors'
import type { Field } from '../config/field'
import type { Phrase } from '../config/phrase'
import type { BaseFormat, RunConfig, TrainingSettings } from '../config/run-config'
import type { DataOptions, DataReport, ExamplePreview, MappedRows } from '../config/data-options'
import type { MethodReport, ModelReport } from '../config/model-report'
import type { RowMap } from '../config/row-map'
import type { Sampling } from '../config/sampling-fields'
import type {
  AdapterFiles,
  AdapterReport,
  AdapterTarget,
  Combination,
  EvalMetrics,
  Evaluation,
  MergeForm,
  RunProgress,
  RunStatus,
  RunSummary,
  SampledAnswers,
  Sign,
  StepMetrics,
} from '../config/run-reports'
import type { FloatType } from '../peft/model-folder'
import type { ContextWords } from '../peft/near-words'
import type { Picture } from '../pictures/picture'
import type { AdapterKind } from '../storage/run-store'
import type { AdviceApi } from './api-advice'

export type { MethodReport, ModelReport } from '../config/model-report'
export type { ColumnRoles, DataOptions, DataReport, ExamplePreview, MappedRow, MappedRows, UnknownReport } from '../config/data-options'
export type {
  AdapterFiles,
  AdapterReport,
  Combination,
  EvalMetrics,
  Evaluation,
  MemoryReport,
  MergeForm,
  RunSummary,
  StepMetrics,
  WayToFit,
} from '../config/run-reports'

export type { ContextWords } from '../peft/near-words'

export type { Result } from '../config/errors'

/** A file with its path inside what was dropped. */
export interface PickedFile {
  path: string
  file: File
  /** Checksums of a copy that was kept in this browser (see `sumsOf`). What is read of a model is compared with them. */
  sums?: string
}

/** Progress of a task: `fraction` is 0…1, or undefined if the end is not known. `phase` is a key of the page's text. */
export interface Progress extends Omit<RunProgress, 'phase'> {
  phase:
    | RunProgress['phase']
    | 'reading'
    | 'mapping'
    | 'tuning'
    | 'quantising'
    | 'uploading'
    | 'checking'
    | 'tokenising'
    | 'generating'
    | 'merging'
    | 'saving'
  detail?: string
}

export interface DeviceReport {
  /** Vendor, architecture and description as the browser gives them. */
  name: string
  /** A software adapter: correct, slow. */
  software: boolean
  maxBufferBytes: number
  maxBindingBytes: number
  /** Further limits, by WebGPU's names; and the device's features. For reports of problems. */
  limits?: Readonly<Record<string, number>>
  features?: readonly string[]
}

/**
 * The graphics device was lost. `recovering`: it is opened again; `leftMs`: the browser offers none now and is asked for at most that long.
 * `recovered`: everything is as before. `dropped`: the device is back, but the engine no longer holds a model. `gone`: neither is there.
 */
export type DeviceNews =
  | { type: 'recovering'; leftMs?: number }
  | { type: 'recovered'; report: DeviceReport }
  | { type: 'dropped'; report: DeviceReport; error: ErrorReport }
  | { type: 'gone'; error: ErrorReport }

/** Status of a run that has not ended. `train` returns how it ended. */
export type EngineStatus = Extract<RunStatus, 'preparing' | 'training' | 'recovering' | 'paused'>

export type TrainEvent =
  | { type: 'status'; status: EngineStatus }
  | { type: 'progress'; progress: Progress }
  | { type: 'step'; metrics: StepMetrics }
  | { type: 'eval'; metrics: EvalMetrics }
  /** The run continues from a snapshot: these are all its metrics up to there. */
  | { type: 'resumed'; steps: StepMetrics[]; evals: EvalMetrics[] }
  /** Held-out prompts were answered at an evaluation. */
  | { type: 'samples'; samples: SampledAnswers }
  /** A snapshot is kept. */
  | { type: 'kept'; step: number; sizeBytes: number }
  /** A snapshot or something else could not be kept, or a damaged one was left out. The run continues. */
  | { type: 'problem'; problem: Phrase }
  /** How the run goes: something that a person should know. A run that is resumed says it again. */
  | { type: 'sign'; sign: Sign }
  /** The run was to be left, but no snapshot of it can be stored, so it continues here. */
  | { type: 'stays'; reason: Phrase }

/** How a run is kept while it trains. */
export interface RunKeeping {
  /** Milliseconds between two snapshots. There are others at each evaluation. */
  everyMs: number
  /** Continue from the run's newest snapshot. */
  resume?: boolean
}

/** The snapshot of a run that was interrupted; or why none can be used. */
export type SnapshotReport = { runId: string } & ({ step: number; sizeBytes: number } | { problem: Phrase })

/** A run of which the page has a record. */
export interface KnownRecord {
  runId: string
  /** When it was written; absent = it is not compared. */
  changedAt?: number
}

/** What is kept of a run beside the page's own records. */
export interface BesideRun {
  runId: string
  /** As `keepRecord` got it; absent if it cannot be read. */
  record?: unknown
  /** When the record was written. */
  changedAt?: number
  /** Metrics of its steps and evaluations, in order. */
  metrics: unknown[]
  /** What could not be read. */
  problems: Phrase[]
}

/** A turn of a conversation with a model's own answer. */
export interface AnsweredTurn {
  prompt: string
  answer: string
}

/** What each of several models is asked. */
export interface PromptRequest {
  prompt: string
  /** The turns before the prompt, of each model's own conversation, in the order of `runIds`; absent = none. */
  earlier?: readonly (readonly AnsweredTurn[])[]
  /** How the model should behave; absent or empty = as it was trained. */
  systemWords?: string
  /** Put the prompt into the form that each adapter was trained with (see `questionOf`); false = send the prompt unchanged. */
  asPrompt: boolean
  /** The models that answer, all at once: runIds of adapters that the engine holds, or undefined for the base. */
  runIds: readonly (string | undefined)[]
}

/** A held-out row as a person would type it. */
export interface HeldOutRow {
  /** Its place among the held-out rows, and its line in the file. */
  at: number
  line: number
  prompt: string
  /** Of the row itself; absent = it has none. */
  systemWords?: string
  expected: string
}

/** How long a prompt is and may be, in tokens, and how it is asked; or why the model cannot be asked it. */
export interface PromptLength {
  tokens?: number
  most?: number
  asked?: Asked
  problem?: Phrase
}

/** What is not said about sampling is as usual. */
export interface GenerateRequest extends PromptRequest, Partial<Sampling> {
  maxTokens: number
  seed: number
  /** Texts that end an answer and are not part of it. */
  stops?: readonly string[]
}

export interface GenerateReport {
  text: string
  /** How likely each of its tokens was; absent if the text cannot be cut into tokens. */
  pieces?: TokenPieces
  tokens: number
  tokensPerSecond: number
  /** Tokens of the whole prompt, and how many of them were computed for an earlier one. */
  promptTokens: number
  cachedTokens: number
  /** Ended by itself (end token) rather than by maxTokens. */
  complete: boolean
  /** How the prompt was asked. */
  asked: Asked
}

/** What is known of a run that is exported for other engines. */
export interface ExportedRun {
  /** Of the folder in the zip. */
  name: string
  /** Of the first step. */
  firstLoss?: number
  /** Of the rows that it was trained with: others are refused. Absent = they are not compared. */
  rowsFingerprint?: string
}

/** Held-out rows to answer, greedily. */
export interface AnswersRequest {
  /** The models that answer: runIds of adapters that the engine holds, or undefined for the base. */
  runIds: readonly (string | undefined)[]
  /** At most this many rows, chosen by the seed among those that a run of `maxLength` holds out. */
  rows: number
  seed: number
  maxLength: number
  maxTokens: number
  /** Ask in another way than the data say; the seed also chooses the solved examples. */
  ask?: AskedBase
}

/** Which pictures of the open set: those that are held out, or those that are trained on. */
export type PicturesPart = 'eval' | 'train'

/** Pictures to sort into classes: of the open set, or single files. */
export interface SortRequest {
  /** An adapter that the engine holds; absent = the base. */
  runId?: string
  from: PicturesPart | readonly PickedFile[]
  /** Texts with `{}` for the name of a class, in which a model that compares pictures with texts reads the classes; absent = its usual ones. */
  templates?: readonly string[]
  /** At most this many of the open set: those that a run with as many evaluation rows evaluates on. */
  rows?: number
}

export interface SortedPicture {
  path: string
  /** The number of its class, where it is known. */
  label?: number
  /** [classes] */
  probabilities: Float32Array
}

export interface SortedPictures {
  classes: readonly string[]
  /** With several templates, by the mean of their texts. */
  pictures: SortedPicture[]
  /** By one of several templates alone: the probabilities of each picture [classes]. */
  byTemplate: readonly { template: string; probabilities: readonly Float32Array[] }[]
}

/** A picture that a run trains on, in the size of the model: as it is, and as the run changes it in its first epochs. */
export interface PictureInEpochs {
  path: string
  class: string
  asIs: Picture
  seen: Picture[]
}

/** A picture as the model sees it, and what [CLS] attends to in the last layer. */
export interface PictureAttention extends Picture {
  /** The patches are in `down` rows of `across`; their shares of the attention, row by row. */
  across: number
  down: number
  shares: Float32Array
}

/** An adapter that goes into a combination; `name` is for people. */
export interface CombinedPart {
  runId: string
  name: string
  weight: number
}

/** The interface of the worker, through comlink. Every call returns a Result; no call throws. */
export interface EngineApi extends AdviceApi {
  /** Tells what happens to the device, at any time. The call never returns, so that its callback stays. */
  watch(onNews: (news: DeviceNews) => void): Promise<void>
  device(): Promise<Result<DeviceReport>>
  methods(): Promise<Result<MethodReport[]>>
  /** The settings of all methods. They need no model. */
  methodFields(): Promise<Result<Field[]>>
  /** Reads, checks and uploads a model. If memory allows, the model loaded before stays until this one is ready; if not, the error says so. */
  loadModel(files: PickedFile[], base: BaseFormat, onProgress: (p: Progress) => void): Promise<Result<ModelReport>>
  /** Reads the base's weights back from the GPU and compares them with those that were uploaded; `cancel` ends it. */
  checkBase(onProgress: (p: Progress) => void): Promise<Result<BaseCheck>>
  /** Reads and tokenises a dataset for the loaded model, and reports what `maxLength` leaves of it. `evalFile` replaces the held-out split. */
  loadData(
    file: PickedFile,
    evalFile: PickedFile | undefined,
    options: DataOptions,
    maxLength: number,
    onProgress: (p: Progress) => void,
  ): Promise<Result<DataReport>>
  /** Reports what another maximum length leaves of the loaded dataset. Nothing is read again. */
  cutData(maxLength: number): Promise<Result<DataReport>>
  /** A file's first rows with these columns, or as they are understood; for mapping by hand. Nothing loaded changes. */
  mapRows(file: PickedFile, options: Pick<DataOptions, 'format' | 'columns' | 'read'>): Promise<Result<MappedRows>>
  /** Those rows as tokens that have something to train on at `maxLength`, from the one at place `from` on. */
  preview(from: number, count: number, maxLength: number): Promise<Result<ExamplePreview[]>>
  /** Trains from start to end; events come at most 10 times a second except evaluations. One run at a time. */
  train(runId: string, config: RunConfig, onEvent: (events: TrainEvent[]) => void, keeping?: RunKeeping): Promise<Result<RunSummary>>
  pause(): Promise<void>
  resume(): Promise<void>
  /** Ends the run after the current step or evaluation batch. Its adapter is kept, and evaluated if a step was taken. */
  stop(): Promise<void>
  /** Ends the run at a snapshot, from which another tab can resume it. `train` then returns an error of the kind Cancelled. If no snapshot can be stored, the run continues, and the event `stays` says why. */
  leave(): Promise<void>
  /** Skips or ends the evaluation at the end of a run; the adapter is then kept without its figure. */
  skipEvaluation(): Promise<void>
  /** Cancels loading, measuring, merging or generating. */
  cancel(): Promise<void>
  /** The files of an adapter trained in this session or restored with `restoreAdapter`. `best`: of a run's best evaluation, as long as its snapshots are kept, with the step that it is from. */
  adapterFiles(runId: string, kind?: AdapterKind): Promise<Result<AdapterFiles & { step?: number }>>
  /** The adapter of a run's newest snapshot, which the engine then holds, and the step it is from. Its base model must be loaded. */
  adapterOfSnapshot(runId: string): Promise<Result<AdapterFiles & { step: number }>>
  /** Loads an adapter's files (saved ones after a reload, or those of another program), so that it can be used for chat and further training. */
  restoreAdapter(runId: string, files: AdapterFiles): Promise<Result<AdapterReport>>
  forgetAdapter(runId: string): Promise<void>
  /** Keeps the page's record of a run, as plain data, where a loss of the page's own storage does not reach it. */
  keepRecord(runId: string, record: unknown, changedAt: number): Promise<Result<void>>
  /** What can be resumed of these runs; runs without a snapshot are left out. */
  snapshots(runIds: readonly string[]): Promise<Result<SnapshotReport[]>>
  /** Runs that are kept here and not among `known`, and those whose record here is newer than the known one. */
  besideRuns(known: readonly KnownRecord[]): Promise<Result<BesideRun[]>>
  /** Removes the snapshots of a run whose adapters are kept, or everything of a run that was deleted. */
  forgetKept(runId: string, what: 'snapshots' | 'everything'): Promise<Result<void>>
  /** A held-out row of the loaded data to try in the chat: the first from place `at` on that asks in one turn; undefined if there is none. */
  heldOutRow(at: number, maxLength: number): Promise<Result<HeldOutRow | undefined>>
  /** Of each of `runIds`: the tokens of the prompt that `generate` would ask. */
  promptLengths(request: PromptRequest): Promise<Result<PromptLength[]>>
  /** An answer of each of `runIds`; `onText` gets the text so far and the place of its runId. */
  generate(request: GenerateRequest, onText: (text: string, at: number) => void): Promise<Result<GenerateReport[]>>
  /** Loss over all evaluation rows, of an adapter or of the base; batches as `training` says. */
  evaluate(runId: string | undefined, training: TrainingSettings, onProgress: (p: Progress) => void): Promise<Result<Evaluation>>
  /** Loss over all rows of another file, asked like the loaded data, and their number. What is loaded does not change. */
  evaluateFile(
    runId: string | undefined,
    file: PickedFile,
    options: DataOptions,
    training: TrainingSettings,
    onProgress: (p: Progress) => void,
  ): Promise<Result<{ evaluation: Evaluation; rows: number }>>
  /** A map of a file's rows by the base's features of them; what is loaded does not change. Rows that cannot be read are left out and counted. */
  rowMap(file: PickedFile, options: DataOptions, maxLength: number, onProgress: (p: Progress) => void): Promise<Result<RowMap>>
  /** Sorts pictures into the classes of the adapter, or of the base's own head. `cancel` ends it. */
  sortPictures(request: SortRequest, onProgress: (p: Progress) => void): Promise<Result<SortedPictures>>
  /** The words nearest to the learned context of an adapter. `cancel` ends it. */
  nearWords(runId: string): Promise<Result<ContextWords[]>>
  /** A picture of the open set as a run with these settings sees it in each of its first `epochs` epochs. `at` counts the pictures that it trains on. */
  pictureInEpochs(training: TrainingSettings, at: number, epochs: number): Promise<Result<PictureInEpochs>>
  /** What the base, or an adapter, attends to in a picture. */
  pictureAttention(runId: string | undefined, file: PickedFile): Promise<Result<PictureAttention>>
  /** Several LoRA adapters that the engine holds as one, with weights; its files, which are not held yet. */
  combine(parts: readonly CombinedPart[], type: Combination): Promise<Result<AdapterFiles>>
  /** The base with an adapter merged into its weights: a GGUF file, or a zip with a Hugging Face folder named `name`. */
  merge(runId: string, form: MergeForm, name: string, onProgress: (p: Progress) => void): Promise<Result<Blob>>
  /** An adapter that the engine holds, as files for another program. */
  exportAdapter(runId: string, target: AdapterTarget, dtype: FloatType): Promise<Result<AdapterFiles>>
  /** A run with the loaded model and data for engines that train on many machines, as a zip. */
  exportRun(config: RunConfig, about: ExportedRun, onProgress: (p: Progress) => void): Promise<Result<Blob>>
  /** Answers held-out rows with several models side by side. `onAnswered` gets rows as they are answered, and how many of all are done; `cancel` ends it. */
  answerRows(
    request: AnswersRequest,
    onAnswered: (rows: RowAnswers[], progress: { done: number; all: number }) => void,
  ): Promise<Result<void>>
  /** Answers rows that a run of this maximum length holds out, greedily, and compares with their completions. */
  exactMatch(
    runId: string | undefined,
    rows: number,
    maxLength: number,
    onProgress: (p: Progress) => void,
  ): Promise<Result<{ matched: number; rows: number }>>
  /** Measures the device: its limits, kernels and whole steps of models with random weights. `cancel` ends it. Updates carry the results so far. */
  bench(choice: BenchChoice, onUpdate: (update: BenchUpdate) => void): Promise<Result<BenchReport>>
}
