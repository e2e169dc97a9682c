// CoCoOp (Zhou et al. 2022, arXiv 2203.05557, equation 4): CoOp's context is shifted for each picture by π = W₂ relu(W₁ f + b₁) + b₂, where f
// are the features of the picture. So each picture has texts of its own, and classes that were not trained on fare better.
import type { Field, SettingsOf } from '../config/field'
import { addBias } from '../ops/bias'
import { matmul } from '../ops/matmul'
import { placeRows } from '../ops/place-rows'
import { relu } from '../ops/relu'
import { trainableWeight } from '../ops/weight'
import { classesOf, contextTexts, placesOf, turnedPlaces } from './class-context'
import { comparingOnly } from './classifier'
import { count, only, text } from './config-keys'
import { contextFields, contextKeys, startingContext } from './coop'
import { type Fresh, declare } from './initial'
import { type Base, type MethodHooks, type SetUp, defineMethod } from './method'
import { randomSource, uniform } from './random'

const fields = [
  ...contextFields,
  {
    key: 'metaHidden',
    type: 'number',
    label: 'Width of the meta network',
    help: 'Width of the inner layer of the network that shifts the context. 0 is a sixteenth of the features, as in the paper.',
    default: 0,
    min: 0,
    max: 4096,
    integer: true,
    advanced: true,
  },
] as const satisfies readonly Field[]
type CocoopSettings = SettingsOf<typeof fields>

const context = 'ctx'
const [inner, outer] = ['meta_net.linear1', 'meta_net.linear2']

function widths(base: Base, { metaHidden }: CocoopSettings): { features: number; hidden: number; words: number } {
  const { projection, hidden: words } = classesOf(base).text
  return { features: projection, hidden: metaHidden || Math.max(1, Math.floor(projection / 16)), words }
}

/** A linear layer that starts as PyTorch's: uniform in ±1/√in. */
function layerSpecs(name: string, out: number, inputs: number, seed: number): Fresh[] {
  const bound = 1 / Math.sqrt(inputs)
  const random = (part: string, values: number) => () => uniform(randomSource(seed, `${name}.${part}`), values, -bound, bound)
  return [
    { name: `${name}.weight`, shape: [out, inputs], decay: true, fresh: random('weight', out * inputs) },
    { name: `${name}.bias`, shape: [out], decay: false, fresh: random('bias', out) },
  ]
}

async function setUp(given: SetUp<CocoopSettings>): Promise<MethodHooks> {
  const { base, settings, seed } = given
  const { virtualTokens: tokens } = settings
  const { features, hidden, words } = widths(base, settings)
  const { at, ...texts } = contextTexts(base, tokens, 'end', true)
  const start = given.initial ? undefined : await startingContext(given, 1)
  const tensors = declare(given, [
    { name: context, shape: [tokens, words], decay: true, fresh: () => start! },
    ...layerSpecs(inner, hidden, features, seed),
    ...layerSpecs(outer, words, hidden, seed),
  ])
  const get = (name: string) => tensors.get(name)!
  return {
    texts: {
      ...texts,
      /** The context at all texts, and the shift of a picture at all places of its own texts. */
      places(length, copies) {
        const places = placesOf(at, length, copies)
        const ofPicture = (b: number) => places.slice(b * at.length, (b + 1) * at.length).flat()
        return [turnedPlaces(places), Array.from({ length: copies }, (_, b) => ofPicture(b))]
      },
    },
    textRows(r, x, [everywhere, own], picture) {
      const layer = (name: string, input: typeof x) =>
        addBias(r, matmul(r, input, trainableWeight(get(`${name}.weight`)), { label: name }), get(`${name}.bias`))
      const shift = layer(outer, relu(r, layer(inner, picture!)))
      return placeRows(r, placeRows(r, x, get(context), everywhere), shift, own, true)
    },
  }
}

export const cocoop = defineMethod({
  name: 'cocoop',
  label: 'CoCoOp',
  summary:
    'Trains the words around the names of classes, and a small network that shifts them for each picture. It takes longer than CoOp and suits classes that come later.',
  paper: 'Zhou et al. 2022, arXiv 2203.05557',
  fields,
  training: { learningRate: 2e-3 },
  bases: [],
  peftType: 'COCOOP',
  serves: comparingOnly,
  library: 'tabtune',
  contextTensor: context,
  setUp,
  toConfig: (settings, base) => ({
    peft_type: 'COCOOP',
    num_virtual_tokens: settings.virtualTokens,
    token_dim: base.config.text?.hidden,
    class_token_position: 'end',
    class_specific: false,
    base_model_name_or_path: base.name,
    meta_hidden: widths(base, settings).hidden,
  }),
  configKeys: {
    ...contextKeys,
    peft_type: only(text, 'COCOOP'),
    class_token_position: only(text, 'end'),
    meta_hidden: count,
  },
  fromConfig: (config, _base, tensors) => ({
    virtualTokens: Number(config.num_virtual_tokens),
    init: 'random' as const,
    initText: '',
    metaHidden: Number(config.meta_hidden ?? tensors.get(`${inner}.bias`)?.shape[0] ?? 0),
  }),
})
