// Training settings from the command line. Their defaults are those of the page: the fields' defaults, and the method's own.
import { defaults } from '../config/field'
import { type TrainingSettings, defaultTraining, parseTraining } from '../config/run-config'
import type { Method } from '../peft/method'
import type { Options } from './options'

/** The given settings over the method's own defaults and over `start`, the defaults of a command other than train. */
export function trainingSettings(
  method: Method,
  options: Options,
  context: number,
  start: Partial<TrainingSettings> = {},
): TrainingSettings {
  const virtual = method.virtualTokens?.(defaults(method.fields)) ?? 0
  const settings = options.given(options.trainingFields)
  const room = { maxLength: Math.min(defaultTraining().maxLength, context - virtual) }
  // Steps take precedence over epochs, so the steps of `start` are dropped if epochs are given.
  const epochs = settings.epochs !== undefined && { steps: 0 }
  return parseTraining({ ...room, ...start, ...epochs, ...settings }, method.training, options.trainingFields)
}
