// What tabtune compare is asked for: the models, and the runs on each of them.
import { stat } from 'node:fs/promises'
import { FormatError } from '../config/errors'
import { defaults, parseSettings } from '../config/field'
import { say } from '../config/phrase'
import { comparedRows, comparisonTraining } from '../config/comparison'
import { type BaseFormat, type TrainingSettings, defaultTraining, parseTraining } from '../config/run-config'
import { type Variant, parseAxis, variantsOf } from '../config/variants'
import type { ModelFile } from '../formats/model-file'
import type { LoadedModel } from '../peft/loaded-model'
import type { Method } from '../peft/method'
import { chosenMethods, ownPairs, refuseStrange } from './chosen-methods'
import { methodSettings } from './commands/train'
import type { Options } from './options'
import { ownMethodSettings } from './preset'
import { shotsIn } from './picture-rows'
import { roomOf, trainingSettings } from './training-options'

export interface ComparisonPlan {
  /** Paths of models. */
  models: string[]
  variants: Variant<Method>[]
}

/** The paths of the models. Several have commas between them. A path that exists as it stands is one model. */
export async function modelPaths(options: Options): Promise<string[]> {
  const text = options.need('model')
  const whole = await stat(text).catch(() => undefined)
  const paths = whole ? [text] : text.split(',').map((path) => path.trim())
  const twice = paths.find((path, i) => paths.indexOf(path) < i)
  if (twice !== undefined) throw new FormatError(say`--model: expected each model once, got ${twice} twice. Leave one out.`)
  return paths
}

/** The values of --shots as a setting that is varied: 1,2,4,8,16,all. @throws FormatError */
function shotsAxis(options: Options): string[] {
  const text = options.text('shots')
  if (text === undefined) return []
  const shots = text.split(',').map((part) => shotsIn(part.trim()))
  if (shots.some((each) => each === undefined))
    throw new FormatError(
      say`--shots: expected whole numbers of pictures for each class with commas between them, or all, got ${text}. Correct it.`,
    )
  return [`shots=${shots.join(',')}`]
}

/** `pictures`: the models sort pictures. @throws FormatError */
export async function comparisonPlan(options: Options, pictures: boolean): Promise<ComparisonPlan> {
  const chosen = chosenMethods(options)
  refuseStrange(options, chosen)
  const varied = [...(pictures ? shotsAxis(options) : []), ...options.varied]
  const axes = varied.map((text) => parseAxis(text, chosen, options.trainingFields))
  return { models: await modelPaths(options), variants: variantsOf(chosen, axes, options.trainingFields) }
}

/** The base precision of a run: that of its variant, of --base, or the one that its method is meant for. */
export const baseOf = ({ base, method }: Variant<Method>, options: Options): BaseFormat => base ?? options.base(method.bases[0] ?? 'native')

/** The settings of a run: those of the options that its method has, and on top what its variant changes. @throws FormatError */
export function settingsOf({ method, settings, training }: Variant<Method>, options: Options, { file, plan }: LoadedModel, length: number) {
  const given = methodSettings(method, ownPairs(options, method), undefined, ownMethodSettings(options, method, file))
  const start: TrainingSettings = trainingSettings(method, options, roomOf({ file, plan }), comparisonTraining)
  // Epochs count only without a number of steps, as on the command line.
  const epochs = training.epochs !== undefined && training.steps === undefined && { steps: 0 }
  return {
    settings: parseSettings(method.name, method.fields, { ...given, ...settings }),
    // The same rows are evaluated for every run, so their number does not fit each run by itself.
    training: parseTraining({ ...start, ...epochs, ...training, evalRows: start.evalRows || comparedRows, maxLength: length }),
  }
}

/** The length at which all runs on a model cut rows: every method has room for it. */
export function commonLength({ variants }: ComparisonPlan, options: Options, file: ModelFile): number {
  // A picture is never cut.
  if (file.config.vision) return defaultTraining().maxLength
  const virtual = variants.map(({ method, settings }) => method.virtualTokens?.({ ...defaults(method.fields), ...settings }) ?? 0)
  return options.training('maxLength') ?? Math.min(defaultTraining().maxLength, file.config.context - Math.max(0, ...virtual))
}
