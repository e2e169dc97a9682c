// Training settings from the command line. Their defaults are those of the page: the fields' defaults, and the method's own.
import { defaults } from '../config/field'
import { type TrainingSettings, defaultTraining, parseTraining } from '../config/run-config'
import type { LoadedModel } from '../peft/loaded-model'
import type { Method } from '../peft/method'
import { startingTraining } from '../peft/rates'
import type { Options } from './options'

/** What the settings depend on in a model. A picture has as many positions as it has, whatever the maximum length. */
export const roomOf = ({ file, plan }: Pick<LoadedModel, 'file' | 'plan'>): { context: number; parameters: number } => ({
  context: file.config.vision ? Infinity : file.config.context,
  parameters: plan.parameters,
})

/** The given settings over those that the method starts with on the model and over `start`, the defaults of a command other than train. */
export function trainingSettings(
  method: Method,
  options: Options,
  { context, parameters }: { context: number; parameters?: number },
  start: Partial<TrainingSettings> = {},
): TrainingSettings {
  const virtual = method.virtualTokens?.(defaults(method.fields)) ?? 0
  const settings = options.given(options.trainingFields)
  const room = { maxLength: Math.min(defaultTraining().maxLength, context - virtual) }
  // Steps take precedence over epochs, so the steps of `start` are dropped if epochs are given.
  const epochs = settings.epochs !== undefined && { steps: 0 }
  return parseTraining({ ...room, ...start, ...epochs, ...settings }, startingTraining(method, parameters), options.trainingFields)
}
