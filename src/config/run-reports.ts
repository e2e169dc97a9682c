// Reports of a run: its memory before it starts, its metrics while it trains, its summary and files at the end.
import type { ExpertKey } from './expert-shares'
import type { Asking } from './asking'
import type { Settings } from './field'
import type { Identity, TrainedOn } from './identity'
import type { StepFigures } from './figures'
import type { EvaluationKey, StepKey } from './metrics'
import type { Phrase } from './phrase'
import type { ReplayOfData } from './recipe-of-data'
import type { BaseFormat, RunConfig, TrainingSettings } from './run-config'

/** Bytes on the GPU by purpose. Their sum is exactly what the run will allocate. */
export interface MemoryReport {
  totalBytes: number
  /** purposes: weights, adapter, gradients, optimizer, activations, inputs, tables, … */
  parts: { purpose: string; bytes: number }[]
  trainableParameters: number
  totalParameters: number
  adapterFileBytes: number
  steps: number
  /** Held-out rows that each evaluation takes, and all there are; absent without such rows, and in runs of older versions. */
  evalRows?: { used: number; all: number }
  /** Bytes of main memory that optimizer states take, if they are paged. */
  hostBytes?: number
  /** Share of a step's work that the backward pass repeats so that the memory budget is kept. */
  extraWork?: number
  /** What the run does otherwise than its settings say so that it fits, without another result. */
  fitted?: Phrase
  /** Bytes that it may take at most, if it does not fit. */
  roomBytes?: number
  /** Why the run cannot start, with the numbers. */
  problem?: Phrase
  /** Keys of the training settings that it asks to change. */
  problemSettings?: readonly string[]
  /** Something that people should know before the run starts. */
  notice?: Phrase
  /** Keys of the training settings that the notice is about. */
  noticeSettings?: readonly string[]
}

/** A change after which a run fits into memory that does not fit now. */
export interface WayToFit {
  /** What is chosen instead, and what it costs. */
  words: Phrase
  price: Phrase
  /** The settings that change. A method brings its own settings. */
  change: { training?: Partial<TrainingSettings>; methodSettings?: Settings; method?: string; base?: BaseFormat }
  /** The least that the run takes then. */
  bytes: number
}

export const runStatuses = ['queued', 'preparing', 'training', 'recovering', 'paused', 'finished', 'stopped', 'failed'] as const
export type RunStatus = (typeof runStatuses)[number]

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** 0…1 */
  fraction: number
  /** Number of held-out rows that are done, and number of all. */
  rows: { done: number; all: number }
  /** Estimated time to the end of this evaluation. */
  evaluationLeftMs?: number
}

/** How far a run is. */
export interface RunProgress extends Partial<EvaluationProgress> {
  phase: 'compiling' | 'training' | 'evaluating' | 'recovering'
  /** This is the last evaluation, after all training, so it can be skipped. */
  closing?: boolean
  /** Estimated time to the end of the run, including its evaluations. */
  leftMs?: number
}

/** The model of a run. Its identity is absent in runs of older versions. */
export interface ModelOfRun extends Partial<Identity> {
  name: string
  family: string
  base: BaseFormat
}

/** The place of a step in its run. */
interface StepPlace {
  /** Optimizer step, from 1. */
  step: number
  steps: number
  /** Supervised tokens of this step, and all tokens so far. */
  tokens: number
  totalTokens: number
  elapsedMs: number
  /** How often every row was trained on so far, on average; absent in runs of older versions. */
  epoch?: number
}

/** The metrics of a step. A run of an older version lacks newer metrics. */
export type StepMetrics = StepPlace & { loss: number } & Partial<Record<StepKey | ExpertKey, number>>

/** The metrics of an evaluation of a base, or of an adapter on it, on the held-out rows. One of an older version lacks newer metrics. */
export type Evaluation = { evalLoss: number } & Partial<Record<EvaluationKey, number>>

/** An evaluation during a run: after how many steps. */
export type EvalMetrics = { step: number } & Evaluation

/** A sign that a run does not go as it should, or that it ended early: said once, with what to do. */
export interface Sign {
  /** The rule that found it. */
  name: string
  step: number
  words: Phrase
  /** Keys of the training settings to change. */
  settings?: readonly string[]
}

/** A few held-out prompts that were answered at an evaluation, greedily, by the weights of that step. */
export interface SampledAnswers {
  step: number
  /** `cut`: it was still being written when its time was over. */
  rows: { prompt: string; expected: string; answer: string; cut?: boolean }[]
  /** What they cost: time, and bytes on the GPU while they were written. */
  timeMs: number
  bytes: number
  /** Why there are none. */
  problem?: Phrase
}

/** The held-out rows of earlier data, before and after a run with new data. An evaluation is absent if it was skipped. */
export interface OldEvaluation {
  name: string
  rows: number
  before?: Evaluation
  after?: Evaluation
}

/** The held-out answers as they are trained: their tokens, and the characters that these tokens write. */
export interface EvalText {
  tokens: number
  characters: number
}

/** A finished or stopped run, with the figures of its steps. It is kept in IndexedDB with its adapter. */
export interface RunSummary extends StepFigures {
  runId: string
  status: 'finished' | 'stopped'
  config: RunConfig
  model: ModelOfRun
  /** `rowsFingerprint`: of the token ids of all rows, also the held-out ones; absent in runs of older versions. */
  data: { name: string; rows: number; rowsFingerprint?: string; replay?: ReplayOfData }
  oldEval?: OldEvaluation
  /** How the adapter is asked; absent in runs of older versions. */
  asking?: Asking
  memory: MemoryReport
  peakGpuBytes: number
  finalEval?: EvalMetrics
  bestEval?: EvalMetrics
  firstEval?: EvalMetrics
  /** Absent without evaluation rows, without a tokenizer, and in runs of older versions. */
  evalText?: EvalText
  elapsedMs: number
  adapterBytes: number
  /** What was said about how the run went; absent = nothing. */
  signs?: readonly Sign[]
  /** The step of the weights that it ended with, if early stopping put back those of the best evaluation. */
  restoredStep?: number
  /** How often the graphics device was lost and recovered during the run; absent = never. */
  recoveries?: number
}

/** What the files of an adapter say. The engine holds the adapter. */
export interface AdapterReport {
  method: string
  settings: Settings
  /** The base that its configuration names. */
  madeFor?: string
  /** The base that it was trained on, if TabTune wrote the files. */
  trainedOn?: TrainedOn
  /** How it is asked, if its files say. */
  asking?: Asking
}

/** How LoRA adapters are combined. `cat`: exact, ranks add up; `linear`: averages A and B, an approximation; `svd`: the best approximation of the largest rank. */
export const combinations = ['cat', 'linear', 'svd'] as const
export type Combination = (typeof combinations)[number]

/** Types of a GGUF file; `q4_k_m` is llama.cpp's mix of Q4_K and Q6_K. */
export const ggufMixes = ['f16', 'q8_0', 'q4_0', 'q4_k_m', 'f32'] as const
export type GgufMix = (typeof ggufMixes)[number]

/** The form of a merged model: a Hugging Face folder with one of these types, or a GGUF file. */
export type MergeForm = 'f32' | 'f16' | 'bf16' | `gguf-${GgufMix}`

/** The type of a merged GGUF file; undefined for a folder. */
export const ggufMixOf = (form: MergeForm): GgufMix | undefined => ggufMixes.find((mix) => form === `gguf-${mix}`)

/** Programs that an adapter can be written for, beside the libraries that its own folder is for. */
export const adapterTargets = ['ollama', 'mlx'] as const
export type AdapterTarget = (typeof adapterTargets)[number]

/** Files of a finished adapter: PEFT folder, model card, and GGUF if its method has it. */
export interface AdapterFiles {
  files: { path: string; bytes: Uint8Array<ArrayBuffer> }[]
}
