// Training settings from the command line. Defaults are those of the page: the fields' and the method's own.
import { defaults } from '../config/field'
import { type TrainingSettings, defaultTraining, parseTraining, trainingFields } from '../config/run-config'
import type { Method } from '../peft/method'
import type { Options } from './options'

const numbers = {
  lr: 'learningRate',
  epochs: 'epochs',
  steps: 'steps',
  batch: 'batchSize',
  accumulate: 'accumulate',
  length: 'maxLength',
  warmup: 'warmup',
  clip: 'clip',
  'weight-decay': 'weightDecay',
  'eval-every': 'evalEvery',
  seed: 'seed',
} as const
const texts = { schedule: 'schedule', optimizer: 'optimizer', 'optimizer-memory': 'optimizerMemory' } as const
const flags = { 'decay-all': 'decayAll', checkpointing: 'checkpointing', packing: 'packing' } as const

/** What was given, by the keys of the fields. */
function given(options: Options): Record<string, unknown> {
  const all: [string, unknown][] = [
    ...Object.entries(numbers).map(([name, key]): [string, unknown] => [key, options.number(name as keyof typeof numbers)]),
    ...Object.entries(texts).map(([name, key]): [string, unknown] => [key, options.text(name as keyof typeof texts)]),
    ...Object.entries(flags).map(([name, key]): [string, unknown] => [key, options.flag(name as keyof typeof flags) || undefined]),
    ['memoryBudget', options.mebibytes('memory')],
    ['shuffle', options.flag('no-shuffle') ? false : undefined],
  ]
  return Object.fromEntries(all.filter(([, value]) => value !== undefined))
}

/** Training settings over the method's own defaults, and over `start` for anything other than a single run. */
export function trainingSettings(
  method: Method,
  options: Options,
  context: number,
  start: Partial<TrainingSettings> = {},
): TrainingSettings {
  const virtual = method.virtualTokens?.(defaults(method.fields)) ?? 0
  const settings = given(options)
  const room = { maxLength: Math.min(defaultTraining().maxLength, context - virtual) }
  // Steps take precedence over epochs, so the steps of `start` are dropped where epochs are given.
  const epochs = settings.epochs !== undefined && { steps: 0 }
  return parseTraining({ ...room, ...start, ...epochs, ...settings }, method.training)
}

/** Each option with its default, for the help. */
export function trainingDefaults(): string {
  const named = Object.entries({ ...numbers, ...texts })
  return named.map(([name, key]) => `--${name} ${trainingFields.find((f) => f.key === key)?.default}`).join(', ')
}
