// What a few measured steps say about a run before it starts: its time, and how fast it is with other numbers of rows at once.
import type { Phrase } from './phrase'
import type { TrainingSettings } from './run-config'

/** A run with a given number of rows in each micro-batch. */
export interface SizeMeasure {
  rows: number
  /** Micro-batches per step. */
  accumulate: number
  /** Exactly what the run takes on the GPU, with the base. */
  bytes: number
  steps: number
  stepMs: number
  /** Tokens that are not padding. */
  tokensPerSecond: number
  /** The whole run, with its evaluations. */
  runMs: number
}

export interface RunMeasure {
  /** By number of rows, as far as they are measured. */
  sizes: readonly SizeMeasure[]
  /** Rows that are being measured now. */
  now?: number
  /** Why no larger number was measured. */
  end?: Phrase
}

/** More rows at once are hardly faster on any device. */
const mostRows = 64

type StepRows = Pick<TrainingSettings, 'batchSize' | 'accumulate'>

/** Numbers of rows to measure: 1, 2, 4, … and the run's own. */
export function sizesToMeasure({ batchSize }: StepRows, trainRows: number): number[] {
  const sizes = [batchSize]
  for (let rows = 1; rows <= Math.min(mostRows, trainRows); rows *= 2) sizes.push(rows)
  return [...new Set(sizes)].sort((a, b) => a - b)
}

/** The settings with `rows` in each micro-batch. A step keeps its rows where they can be divided so; else it has one micro-batch. */
export function withRows({ batchSize, accumulate }: StepRows, rows: number): StepRows {
  const all = batchSize * accumulate
  return { batchSize: rows, accumulate: all % rows === 0 ? all / rows : 1 }
}

/** The fastest size. Of sizes within 5 % of it, the smallest, which takes the least memory. */
export function fastestSize(sizes: readonly SizeMeasure[]): SizeMeasure | undefined {
  const best = Math.max(...sizes.map(({ tokensPerSecond }) => tokensPerSecond))
  return sizes.find(({ tokensPerSecond }) => tokensPerSecond >= best * 0.95)
}
