// Which options each command takes. An option that a command would ignore is refused, so that nobody takes a result for something else.
import { answerField } from '../config/answer-length'
import { askingFields } from '../config/asking-fields'
import { columnsField, rowFields } from '../config/data-options'
import { FormatError } from '../config/errors'
import { augmentFields } from '../config/picture-fields'
import { presetField } from '../config/prompt-presets'
import { readHowFields } from '../config/read-how'
import { samplingFields } from '../config/sampling-fields'
import { say } from '../config/phrase'
import { type Options, methodFields, optionOf } from './options'

const ofReading = readHowFields.map(optionOf)
const ofRows = [...readHowFields, ...rowFields, columnsField, presetField].map(optionOf)
const ofAsking = [...askingFields, presetField].map(optionOf)
const ofMethods = ['set', 'base', ...methodFields.map(optionOf)]
const ofAnswers = ['metrics', 'rows', optionOf(answerField)]
const ofData = ['data', 'eval', 'recipe', 'hold-out', ...ofRows]
const ofPictures = ['classes', 'preprocessor', 'shots']
const ofAugmenting = augmentFields.map(optionOf)
const ofRun = ['model', 'method', 'init', 'replay', 'replay-share', ...ofData, ...ofMethods]

const ofGenerate = ['model', 'adapter', 'prompt', 'stop', 'seed', 'raw', 'base', ...[answerField, ...samplingFields].map(optionOf)]

/** The options of a command beside the training options; undefined = it takes all. */
function ownOptions({ command, inputs }: Options): readonly string[] | undefined {
  switch (command) {
    case 'studio':
      return ['port', 'no-open']
    case 'devices':
      return ['in']
    case 'inspect':
      return ['model', 'base']
    case 'plan':
      return ['model', 'config', 'methods', 'dtype', 'beside', 'classes', 'json', ...ofMethods]
    case 'train':
      return [...ofRun, 'exact-match', 'dtype', 'save-every', 'eval-old', 'out', 'first', 'first-steps', 'resume', ...ofPictures]
    case 'advise':
      return [...ofRun, ...ofPictures, 'precisions', 'json']
    case 'sweep':
      return [...ofRun, ...ofPictures, 'grid', 'json']
    case 'compare':
      return [
        'model',
        'methods',
        'vary',
        'eval-old',
        'target-perplexity',
        'exact-match',
        'json',
        'csv',
        ...ofPictures,
        'base-prompt',
        'against',
      ].concat(ofData, ofMethods, ofAnswers)
    case 'eval':
      return [
        'model',
        'adapter',
        'data',
        'recipe',
        'base',
        'length',
        'batch',
        'exact-match',
        'answers',
        'classes',
        'class-template',
        'preprocessor',
        ...ofRows,
        ...ofAnswers,
      ]
    case 'predict':
      return ['model', 'adapter', 'image', 'base', 'batch', 'classes', 'class-template', 'preprocessor', 'json']
    case 'score':
      return ['data', 'against', 'metrics', 'json', ...ofReading]
    case 'logits':
      return ['model', 'adapter', 'ids', 'out', 'base']
    case 'generate':
      return [...ofGenerate, ...ofAsking]
    case 'data':
      return inputs.length
        ? ['in', 'weights', 'join', 'eval', 'recipe', 'out', 'report', 'card', 'json', ...ofReading]
        : ['model', 'data', 'base', 'length', 'loss', 'rows', 'batch', 'json', ...ofRows]
    case 'pictures':
      return ['data', 'classes', 'preprocessor', 'hold-out', 'shots', 'seed', 'rows', 'out', 'report', 'json', ...ofAugmenting]
    case 'map':
      return ['model', 'data', 'eval', 'recipe', 'rows', 'seed', 'length', 'base', 'out', ...ofRows]
    case 'combine':
      return ['adapter', 'weights', 'type', 'model', 'base', 'out']
    case 'merge':
      return ['model', 'adapter', 'out', 'dtype', 'gguf', 'base']
    case 'serve':
      return ['model', 'adapter', 'port', 'key', 'base']
    case 'export':
      return ['model', 'adapter', 'to', 'out', 'dtype', 'base']
    case 'export-run':
      return ['run', 'out', 'dtype', 'model', 'data', 'eval', 'replay', 'recipe', 'init']
    case 'bench':
      return ['only', 'sweep', 'quick', 'models', 'steps', 'kernels', 'json', 'device', 'minutes', 'out']
    default:
      return undefined
  }
}

const trains: readonly string[] = ['plan', 'train', 'advise', 'sweep', 'compare']

/** @throws FormatError for an option that the command does not take, and for words that belong to no option */
export function refuseUnused(options: Options): void {
  const { command, stray, trainingFields } = options
  const own = ownOptions(options)
  if (!own) return
  if (stray !== undefined)
    throw new FormatError(
      say`tabtune ${command}: expected only options after the command, got ${stray}. Write a list with commas and no spaces, and a value with spaces in quotes.`,
    )
  const taken = new Set([...own, ...(trains.includes(command) ? trainingFields.map(optionOf) : [])])
  const unused = options.all.find(([name]) => !taken.has(name))
  if (unused)
    throw new FormatError(say`tabtune ${command}: expected options of this command, got --${unused[0]}. Leave it out, or run tabtune help.`)
}
