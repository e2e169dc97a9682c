// What a run says about itself: memory before it, metrics while it goes, a summary and files at its end.
import type { Settings } from './field'
import type { StepFigures } from './figures'
import type { EvaluationKey, StepKey } from './metrics'
import type { Phrase } from './phrase'
import type { BaseFormat, RunConfig } from './run-config'

/** Bytes on the GPU, by purpose; their sum is exactly what the run will allocate. */
export interface MemoryReport {
  totalBytes: number
  /** purposes: weights, adapter, gradients, optimizer, activations, inputs, tables, … */
  parts: { purpose: string; bytes: number }[]
  trainableParameters: number
  totalParameters: number
  adapterFileBytes: number
  steps: number
  /** Bytes of main memory that optimizer states take, where they are paged. */
  hostBytes?: number
  /** Share of a step's work that the backward pass does again, so that the memory budget holds. */
  extraWork?: number
  /** Why the run cannot start, with the numbers. */
  problem?: Phrase
  /** Keys of the training settings that it asks to change. */
  problemSettings?: readonly string[]
  /** Something that people should know before the run starts. */
  notice?: Phrase
}

export const runStatuses = ['queued', 'preparing', 'training', 'paused', 'finished', 'stopped', 'failed'] as const
export type RunStatus = (typeof runStatuses)[number]

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** 0…1 */
  fraction: number
  /** Held-out rows: how many are done, and how many there are. */
  rows: { done: number; all: number }
}

/** How far a run is. */
export interface RunProgress extends Partial<EvaluationProgress> {
  phase: 'compiling' | 'training' | 'evaluating'
  /** Nothing is trained after this evaluation, so it can be skipped. */
  closing?: boolean
  /** Estimated time to the end of the run, its evaluations included. */
  leftMs?: number
}

/** Where in a run a step is. */
interface StepPlace {
  /** Optimizer step, from 1. */
  step: number
  steps: number
  /** Supervised tokens of this step, and all tokens so far. */
  tokens: number
  totalTokens: number
  elapsedMs: number
}

/** What a step measured. A run of an older version lacks the metrics that have come since. */
export type StepMetrics = StepPlace & { loss: number } & Partial<Record<StepKey, number>>

/** What an evaluation of the held-out rows measured, of a base or of an adapter on it; an older one lacks what has come since. */
export type Evaluation = { evalLoss: number } & Partial<Record<EvaluationKey, number>>

/** An evaluation during a run: after how many steps. */
export type EvalMetrics = { step: number } & Evaluation

/** A run as it ended (or was stopped), with the figures of its steps; kept in IndexedDB with its adapter. */
export interface RunSummary extends StepFigures {
  runId: string
  status: 'finished' | 'stopped'
  config: RunConfig
  model: { name: string; family: string; base: BaseFormat }
  data: { name: string; rows: number }
  memory: MemoryReport
  peakGpuBytes: number
  finalEval?: EvalMetrics
  bestEval?: EvalMetrics
  firstEval?: EvalMetrics
  elapsedMs: number
  adapterBytes: number
}

/** An adapter that the engine holds: what it is, read from its own files. */
export interface AdapterReport {
  method: string
  settings: Settings
  /** The base that its configuration names. */
  madeFor?: string
}

/** How LoRA adapters become one. `cat`: exact, ranks add up; `linear`: A and B averaged, a rough one; `svd`: the best of the largest rank. */
export const combinations = ['cat', 'linear', 'svd'] as const
export type Combination = (typeof combinations)[number]

/** What a merged model is written as: a Hugging Face folder in one of these types, or a GGUF file of F16. */
export type MergeForm = 'f32' | 'f16' | 'bf16' | 'gguf'

/** Files of a finished adapter: PEFT folder, model card, GGUF where there is one. */
export interface AdapterFiles {
  files: { path: string; bytes: Uint8Array<ArrayBuffer> }[]
}
