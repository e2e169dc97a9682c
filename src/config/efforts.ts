// How much a run does: three choices that set several training settings at once. What they do not name stays at its default.
import type { TrainingSettings } from './run-config'

export const efforts = ['fast', 'balanced', 'thorough'] as const
export type Effort = (typeof efforts)[number]

const settings: Readonly<Record<Effort, Partial<TrainingSettings>>> = {
  fast: { epochs: 1, evalEvery: 0 },
  balanced: { epochs: 3, evalEvery: 50 },
  thorough: { epochs: 6, evalEvery: 25, schedule: 'cosine', warmup: 30 },
}

/** The training settings of an effort, over those that a method starts with. */
export const effortTraining = (effort: Effort): Partial<TrainingSettings> => ({
  schedule: 'linear',
  warmup: 10,
  steps: 0,
  ...settings[effort],
})

/** The effort whose settings these are; undefined if they are of none. */
export function effortOf(training: Readonly<Record<string, unknown>>): Effort | undefined {
  return efforts.find((effort) => Object.entries(effortTraining(effort)).every(([key, value]) => training[key] === value))
}

/** The settings of the simple form. With the first setting of a method, such as LoRA's rank, they are six. */
export const simpleKeys: readonly string[] = ['learningRate', 'epochs', 'batchSize', 'maxLength', 'evalEvery']
