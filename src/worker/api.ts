// The only types both sides of the worker share. Plain data both ways; errors travel as values,
// since comlink loses their fields.
import type { ErrorReport } from '../config/errors'
import type { Field, Settings } from '../config/field'
import type { BaseFormat, RunConfig, TrainingSettings } from '../config/run-config'

export type Result<T> = { ok: true; value: T } | { ok: false; error: ErrorReport }

/** A file with its path inside what was dropped. */
export interface PickedFile {
  path: string
  file: File
}

/** Something under way: `fraction` 0…1, or undefined where the end is not known. `phase` is a key of the page's dictionary. */
export interface Progress {
  phase: 'reading' | 'quantising' | 'uploading' | 'tokenising' | 'compiling' | 'training' | 'evaluating' | 'generating' | 'saving'
  fraction?: number
  detail?: string
}

export interface DeviceReport {
  /** Vendor, architecture and description as the browser gives them. */
  name: string
  /** A software adapter: correct, slow. */
  software: boolean
  features: string[]
  maxBufferBytes: number
  maxBindingBytes: number
}

export interface ModelReport {
  /** Stands for the model that is loaded; a new load makes a new one. */
  id: string
  name: string
  container: 'gguf' | 'safetensors'
  family: string
  parameters: number
  layers: number
  hidden: number
  heads: number
  kvHeads: number
  vocab: number
  context: number
  tied: boolean
  licence?: string
  /** File-side formats with tensor counts and bytes, e.g. Q4_K 49. */
  formats: { format: string; tensors: number; bytes: number }[]
  /** How the base is held now, and the bytes this takes on the GPU. */
  base: BaseFormat
  gpuBytes: number
  fileBytes: number
  tokenizer: string
  /** The chat template, if there is one. */
  chatTemplate?: string
  /** Linear sites a method may target, PEFT module names without numbers: q_proj, …. */
  linearModules: string[]
}

export interface MethodReport {
  name: string
  label: string
  summary: string
  paper: string
  fields: Field[]
  /** The method's own defaults for training settings. */
  training: Partial<TrainingSettings>
  /** Base formats the method is a preset for (QLoRA: nf4-dq); empty = any. */
  bases: BaseFormat[]
  /** Export formats beside PEFT: `gguf`. */
  exports: string[]
  /** A sentence why the loaded model cannot serve this method. */
  unavailable?: string
}

/** How rows become examples. */
export interface DataOptions {
  /** auto, or one format by name. */
  format: 'auto' | 'text' | 'prompt-completion' | 'instruction' | 'messages' | 'conversations' | 'tokens'
  /** Mapping by hand: role → column; wins over `format`. */
  columns?: { text?: string; prompt?: string; input?: string; completion?: string; messages?: string }
  /** Loss on the completion only (text: everything). */
  trainOn: 'completion' | 'all-assistant' | 'everything'
  maxLength: number
  /** Share of rows held out for evaluation where there is no separate file. */
  holdOut: number
  /** Go on although some lines are bad. */
  skipBadLines: boolean
  /** Words in front of every prompt. */
  taskDescription?: string
  seed: number
}

export interface DataReport {
  id: string
  name: string
  format: DataOptions['format']
  /** Columns seen, most frequent first; for mapping by hand. */
  columns: string[]
  rows: number
  trainRows: number
  evalRows: number
  /** Where the evaluation rows come from. */
  evalSource: 'held out' | 'file' | 'none'
  tokens: number
  trainedTokens: number
  /** Rows cut at maxLength. */
  cutRows: number
  /** Rows left out, each with a reason; at most 1000 listed, `problemCount` has them all. */
  problems: { line: number; reason: string }[]
  problemCount: number
  /** Token lengths: counts in equal bins from 0. */
  histogram: { binWidth: number; counts: number[]; longest: number }
}

/** An example as coloured tokens. */
export interface ExamplePreview {
  row: number
  tokens: { id: number; text: string; role: 'context' | 'trained' | 'cut' }[]
}

/** Bytes on the GPU, by purpose; their sum is exactly what the run will allocate. */
export interface MemoryReport {
  totalBytes: number
  /** purposes: weights, adapter, gradients, optimizer, activations, inputs, tables, … */
  parts: { purpose: string; bytes: number }[]
  trainableParameters: number
  totalParameters: number
  adapterFileBytes: number
  steps: number
  /** A sentence why the run cannot start, with the numbers. */
  problem?: string
}

export interface StepMetrics {
  /** Optimizer step, from 1. */
  step: number
  steps: number
  loss: number
  learningRate: number
  gradNorm: number
  /** Supervised tokens of this step, and all tokens so far. */
  tokens: number
  totalTokens: number
  tokensPerSecond: number
  elapsedMs: number
}

export interface EvalMetrics {
  step: number
  evalLoss: number
  evalPerplexity: number
  /** Share of held-out rows answered exactly, where it was asked for. */
  exactMatch?: number
}

export interface SampleText {
  step: number
  prompt: string
  expected?: string
  text: string
}

export type RunStatus = 'queued' | 'preparing' | 'training' | 'paused' | 'finished' | 'stopped' | 'failed'

export type TrainEvent =
  | { type: 'status'; status: RunStatus }
  | { type: 'progress'; progress: Progress }
  | { type: 'step'; metrics: StepMetrics }
  | { type: 'eval'; metrics: EvalMetrics }
  | { type: 'sample'; sample: SampleText }

/** A run as it ended (or was stopped); kept in IndexedDB with its adapter. */
export interface RunSummary {
  runId: string
  status: 'finished' | 'stopped'
  config: RunConfig
  model: { name: string; family: string; base: BaseFormat }
  data: { name: string; rows: number }
  memory: MemoryReport
  peakGpuBytes: number
  finalLoss: number
  bestLoss: number
  finalEval?: EvalMetrics
  bestEval?: EvalMetrics
  firstEval?: EvalMetrics
  tokensPerSecond: number
  elapsedMs: number
  adapterBytes: number
}

/** Files of a finished adapter: PEFT folder, model card, GGUF where there is one. */
export interface AdapterFiles {
  files: { path: string; bytes: Uint8Array<ArrayBuffer> }[]
}

export interface GenerateRequest {
  prompt: string
  /** Ask as a user turn through the chat template or the data's own prompt form; false = continue the text. */
  asPrompt: boolean
  maxTokens: number
  temperature: number
  seed: number
  /** runId of an adapter held by the engine; absent = the base. */
  runId?: string
}

export interface GenerateReport {
  text: string
  tokens: number
  tokensPerSecond: number
  /** Ended by itself (end token) rather than by maxTokens. */
  complete: boolean
}

/** What the worker exposes through comlink. Every call gives a Result; nothing throws. */
export interface EngineApi {
  device(): Promise<Result<DeviceReport>>
  methods(): Promise<Result<MethodReport[]>>
  /** Reads, checks and uploads; what was loaded before stays until this succeeds where memory allows, and is named in the error otherwise. */
  loadModel(files: PickedFile[], base: BaseFormat, onProgress: (p: Progress) => void): Promise<Result<ModelReport>>
  /** Reads and tokenises a dataset for the loaded model. `evalFile` replaces the held-out split. */
  loadData(file: PickedFile, evalFile: PickedFile | undefined, options: DataOptions, onProgress: (p: Progress) => void): Promise<Result<DataReport>>
  /** Example rows as tokens. */
  preview(from: number, count: number): Promise<Result<ExamplePreview[]>>
  /** Exact memory and step count, before anything is allocated. */
  estimate(config: RunConfig): Promise<Result<MemoryReport>>
  /** Trains from start to end; events come at most 10 times a second except evaluations. One run at a time. */
  train(runId: string, config: RunConfig, onEvent: (events: TrainEvent[]) => void): Promise<Result<RunSummary>>
  pause(): Promise<void>
  resume(): Promise<void>
  /** Ends the run after the step under way; its adapter is kept. */
  stop(): Promise<void>
  /** Cancels loading or generating. */
  cancel(): Promise<void>
  /** The files of an adapter trained in this session or restored with `restoreAdapter`. */
  adapterFiles(runId: string): Promise<Result<AdapterFiles>>
  /** Puts a kept adapter's files back, so that it can be talked to, after a reload. */
  restoreAdapter(runId: string, files: AdapterFiles): Promise<Result<null>>
  forgetAdapter(runId: string): Promise<void>
  generate(request: GenerateRequest, onText: (text: string) => void): Promise<Result<GenerateReport>>
  /** Answers held-out rows greedily and compares with their completions. */
  exactMatch(runId: string | undefined, rows: number, onProgress: (p: Progress) => void): Promise<Result<{ matched: number; rows: number; samples: SampleText[] }>>
}
