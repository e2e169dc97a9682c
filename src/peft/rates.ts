// The learning rates that methods start with, and whether a rate is far from them.
import { type Phrase, say } from '../config/phrase'
import { type TrainingSettings, defaultTraining } from '../config/run-config'
import type { Method } from './method'

/** Rates of LoRA and its kin for models with fewer weights than `below`: larger models take smaller ones. */
const loraRates = [
  { below: 10e6, rate: 1e-3 },
  { below: 1e9, rate: 2e-4 },
  { below: Infinity, rate: 1e-4 },
] as const

/** The rate of LoRA, QLoRA and DoRA on a model of a given number of weights. */
export function loraRate(parameters: number): number {
  return loraRates.find(({ below }) => parameters < below)!.rate
}

/** The training settings that a method starts with on a model of a given number of weights; those of a small model while the number is unknown. */
export function startingTraining(
  { training, rateFor }: Pick<Method, 'training' | 'rateFor'>,
  parameters?: number,
): Partial<TrainingSettings> {
  return rateFor && parameters !== undefined ? { ...training, learningRate: rateFor(parameters) } : training
}

/** Says how the starting rate follows the model's size, where it does. */
export function rateWords({ rateFor, label }: Pick<Method, 'rateFor' | 'label'>, parameters: number): Phrase | undefined {
  if (!rateFor) return undefined
  return say`${label} starts at ${rateFor(parameters)} on this model: ${rateFor(1)} below 10 million weights, ${rateFor(10e6)} up to 1 billion, ${rateFor(1e9)} from there.`
}

/** A rate that is more than this factor above or below the starting rate is far from the method's range. */
const farFactor = 10

/** What a person should know about a rate that is far from the method's range on a model of a given number of weights. */
export function rateNotice(method: Pick<Method, 'training' | 'rateFor' | 'label'>, parameters: number, rate: number): Phrase | undefined {
  const start = startingTraining(method, parameters).learningRate ?? defaultTraining().learningRate
  if (rate === 0) return say`The learning rate is 0, so the run changes nothing.`
  if (rate <= start * farFactor && rate >= start / farFactor) return undefined
  return rate > start
    ? say`A learning rate of ${rate} is far above what ${method.label} usually takes on a model of this size (about ${start}). The loss may rise instead of falling.`
    : say`A learning rate of ${rate} is far below what ${method.label} usually takes on a model of this size (about ${start}). It may learn very little.`
}
