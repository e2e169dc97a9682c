// CoOp (Zhou et al. 2021, arXiv 2109.01134, section 3.2): vectors take the place of the words around the name of each class. A picture is of
// the class with the most similar text. Both towers stay frozen; the gradient reaches the vectors through the one that reads.
import { FormatError } from '../config/errors'
import type { Field, SettingsOf } from '../config/field'
import { say } from '../config/phrase'
import { placeRows } from '../ops/place-rows'
import { reshaped } from '../tensor/tensor'
import { classesOf, contextTexts, embeddingsOf, placesOf, turnedPlaces } from './class-context'
import { comparingOnly } from './classifier'
import { type Config, count, flag, only, required, text } from './config-keys'
import { declare } from './initial'
import { type Base, type MethodHooks, type NamedTensor, type SetUp, defineMethod } from './method'
import { normal, randomSource } from './random'

const key = 'ctx'
/** The authors' standard deviation of random context. */
const deviation = 0.02

export const contextFields = [
  {
    key: 'virtualTokens',
    type: 'number',
    label: 'Context vectors',
    help: 'How many vectors stand in the place of words. The paper tries 4 and 16.',
    default: 16,
    min: 1,
    max: 256,
    integer: true,
  },
  {
    key: 'init',
    type: 'choice',
    label: 'Start from',
    help: 'The values of the context before training.',
    default: 'random',
    options: [
      { value: 'random', label: 'Random values' },
      { value: 'text', label: 'The embeddings of a text' },
    ],
  },
  {
    key: 'initText',
    type: 'text',
    label: 'Starting text',
    help: 'The text whose embeddings the context starts from. It is repeated or cut to the number of vectors.',
    default: 'a photo of a',
    maxLength: 4000,
  },
] as const satisfies readonly Field[]

const fields = [
  ...contextFields,
  {
    key: 'position',
    type: 'choice',
    label: 'Name of the class',
    help: 'Where the name stands: behind the context, or between its two halves.',
    default: 'end',
    options: [
      { value: 'end', label: 'At the end' },
      { value: 'middle', label: 'In the middle' },
    ],
  },
  {
    key: 'classSpecific',
    type: 'boolean',
    label: 'A context for each class',
    help: 'Each class gets vectors of its own. Otherwise all classes share the same ones, which needs fewer pictures.',
    default: false,
  },
] as const satisfies readonly Field[]
type CoopSettings = SettingsOf<typeof fields>

/** Starting values of the context, [sets · M, C]. */
export async function startingContext(
  { base, settings, seed }: Pick<SetUp<SettingsOf<typeof contextFields>>, 'base' | 'settings' | 'seed'>,
  sets: number,
): Promise<Float32Array<ArrayBuffer>> {
  const { virtualTokens: tokens, init, initText } = settings
  const width = classesOf(base).text.hidden
  if (init === 'random') return normal(randomSource(seed, key), sets * tokens * width, deviation)
  const one = await embeddingsOf(base, initText, tokens)
  const all = new Float32Array(sets * one.length)
  for (let set = 0; set < sets; set++) all.set(one, set * one.length)
  return all
}

async function setUp(context: SetUp<CoopSettings>): Promise<MethodHooks> {
  const { base, settings } = context
  const { virtualTokens: tokens, position, classSpecific } = settings
  const { at, ...texts } = contextTexts(base, tokens, position)
  const width = classesOf(base).text.hidden
  const sets = classSpecific ? at.length : 1
  const start = context.initial ? undefined : await startingContext(context, sets)
  const shape = classSpecific ? [sets, tokens, width] : [tokens, width]
  const ctx = declare(context, [{ name: key, shape, decay: true, fresh: () => start! }]).get(key)!
  const rows = reshaped(ctx, [sets * tokens, width])
  return {
    texts: {
      ...texts,
      places(length, copies) {
        const places = placesOf(at, length, copies)
        return [classSpecific ? places.flat().map((place) => [place]) : turnedPlaces(places)]
      },
    },
    textRows: (r, x, [places]) => placeRows(r, x, rows, places),
  }
}

function toConfig({ virtualTokens, position, classSpecific }: CoopSettings, base: Base): Record<string, unknown> {
  return {
    peft_type: 'COOP',
    num_virtual_tokens: virtualTokens,
    token_dim: base.config.text?.hidden,
    class_token_position: position,
    class_specific: classSpecific,
    base_model_name_or_path: base.name,
  }
}

/** Keys that both methods have. */
export const contextKeys = {
  num_virtual_tokens: required(count),
  token_dim: count,
  class_specific: flag,
  base_model_name_or_path: text,
}

/** @throws FormatError if the tensors are not as the configuration says */
function fromConfig(config: Config, _base: Base, tensors: ReadonlyMap<string, NamedTensor>): CoopSettings {
  const classSpecific = config.class_specific === true
  const shape = tensors.get(key)?.shape
  if (shape && classSpecific !== (shape.length === 3))
    throw new FormatError(
      say`adapter_config.json, class_specific: expected true exactly if ${key} has three dimensions, got ${String(classSpecific)} for ${shape.length}. Use the configuration that belongs to the file.`,
    )
  return {
    virtualTokens: Number(config.num_virtual_tokens),
    init: 'random',
    initText: '',
    position: config.class_token_position === 'middle' ? 'middle' : 'end',
    classSpecific,
  }
}

export const coop = defineMethod({
  name: 'coop',
  label: 'CoOp',
  summary:
    'Trains the words around the names of classes, as vectors. Choose it for a model that compares pictures with texts, with a few pictures per class.',
  paper: 'Zhou et al. 2021, arXiv 2109.01134',
  fields,
  training: { learningRate: 2e-3 },
  bases: [],
  peftType: 'COOP',
  serves: comparingOnly,
  library: 'tabtune',
  contextTensor: key,
  setUp,
  toConfig,
  configKeys: {
    ...contextKeys,
    peft_type: only(text, 'COOP'),
    class_token_position: only(text, 'end', 'middle'),
  },
  fromConfig,
})
