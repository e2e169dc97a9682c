// Bottleneck adapters: small networks f(x) = σ(x W_downᵀ + b_down) W_upᵀ + b_up after or beside the sub-layers, as in the `adapters`
// library. h is the output of a sub-layer and x the residual that it is added to.
//   houlsby (Houlsby 2019, arXiv 1902.00751): h + f(h) for attention and feed-forward
//   pfeiffer (Pfeiffer 2020, arXiv 2005.00052): h + f(h + x) for the feed-forward
//   parallel (He 2021, arXiv 2110.04366): h + s · f(x) for the feed-forward
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import { plainNumber } from '../config/number-text'
import type { Hooks } from '../models/hooks'
import { exactGelu, silu } from '../ops/activate'
import { add, copyInto } from '../ops/add'
import { addBias } from '../ops/bias'
import { gelu } from '../ops/gelu'
import { matmul } from '../ops/matmul'
import { relu } from '../ops/relu'
import { scale } from '../ops/scale'
import { trainableWeight } from '../ops/weight'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { classifierTensors, headTasks } from './classifier'
import { type Config, type ConfigKeys, anything, count, flag, layers, only, parseConfig, positive, required, text } from './config-keys'
import { declare, type Fresh } from './initial'
import { normTensors } from './ln-tuning'
import type { Tensors } from './merge'
import { type Base, type SetUp, defineMethod } from './method'
import { randomSource, uniform } from './random'
import { listed } from './targets'

const kindField = {
  key: 'kind',
  type: 'choice',
  label: 'Placement',
  help: 'Where the small networks are inserted in each block.',
  default: 'houlsby',
  options: [
    { value: 'houlsby', label: 'After attention and feed-forward (Houlsby)' },
    { value: 'pfeiffer', label: 'After feed-forward (Pfeiffer)' },
    { value: 'parallel', label: 'Beside feed-forward (He)' },
  ],
} as const satisfies Field
/** σ by the names of the library (which are those of transformers), in the order of the form. */
const activations = { relu, swish: silu, gelu: exactGelu, gelu_new: gelu } as const
const activationField = {
  key: 'nonLinearity',
  type: 'choice',
  label: 'Non-linearity',
  help: 'The function between the two layers of each network. The library’s configuration of Houlsby has swish, those of Pfeiffer and He have ReLU.',
  default: 'relu',
  options: [
    { value: 'relu', label: 'ReLU' },
    { value: 'swish', label: 'Swish' },
    { value: 'gelu', label: 'GELU' },
    { value: 'gelu_new', label: 'GELU (tanh)' },
  ],
} as const satisfies Field
const fields = [
  kindField,
  {
    key: 'reductionFactor',
    type: 'number',
    label: 'Reduction factor',
    help: 'The width of the networks is the model’s width divided by this number, rounded down, so that every width is possible. A lower factor can learn more and needs more memory.',
    default: 16,
    min: 0.01,
    max: 1024,
  },
  {
    key: 'scaling',
    type: 'number',
    label: 'Scaling',
    help: 'Factor by which the output is multiplied when the placement is beside the feed-forward.',
    default: 4,
    min: 0.001,
    max: 1000,
    advanced: true,
  },
  activationField,
  {
    key: 'leaveOut',
    type: 'text',
    label: 'Blocks without adapters',
    help: 'The numbers of these blocks, from 0, with commas between them.',
    default: '',
    maxLength: 10_000,
    advanced: true,
  },
  {
    key: 'trainNorms',
    type: 'boolean',
    label: 'Train the norms',
    help: 'Trains the norms of the model too, as the paper does. The adapters library does not save them, so only TabTune loads such an adapter completely.',
    default: false,
    advanced: true,
  },
  {
    key: 'name',
    type: 'text',
    label: 'Adapter name',
    help: 'The name that the adapter has in the adapters library. It is part of the tensor names.',
    default: 'tabtune',
    maxLength: 100,
    advanced: true,
  },
] as const satisfies readonly Field[]
type BottleneckSettings = SettingsOf<typeof fields>

interface Place {
  /** The sub-layer's name in the hooks. */
  sublayer: string
  /** The beginning of the keys in the file. */
  key: string
}

const parent = (module: string) => module.split('.').slice(0, -1).join('.')

/** The block that a tensor or a module is in: `model.layers.0`. */
const blockOf = (name: string): string | undefined => /^.*?\.\d+(?=\.)/.exec(name)?.[0]

/** All sub-layers of the base, and whether each is a feed-forward. */
function sublayersOf({ family, tensors }: Base): { sublayer: string; isOutput: boolean }[] {
  const own = family.sublayers
  if (own) {
    const blocks = [...new Set([...tensors.values()].filter(({ kind }) => kind === 'linear').flatMap(({ name }) => blockOf(name) ?? []))]
    return blocks.flatMap((block) => [
      { sublayer: `${block}.${own.attention}`, isOutput: false },
      { sublayer: `${block}.${own.feedForward}`, isOutput: true },
    ])
  }
  const [feedForward, attention] = [family.feedForward, family.keysAndValues].map((modules) => new Set(modules.map(parent)))
  const inBlock = (module: string): string => module.split('.').pop()!
  // A mixture of experts is a sub-layer like a feed-forward, and its router is in it.
  const modules = [...tensors.values()].filter(({ kind, router }) => kind === 'linear' || router).map(({ name }) => parent(parent(name)))
  return [...new Set(modules)]
    .filter((module) => [feedForward, attention].some((names) => names.has(inBlock(module))))
    .map((sublayer) => ({ sublayer, isOutput: feedForward.has(inBlock(sublayer)) }))
}

/** The numbers of `leaveOut`. @throws FormatError for what is no block of the model */
function leftOut({ config }: Base, { leaveOut }: Pick<BottleneckSettings, 'leaveOut'>): Set<number> {
  const numbers = listed(leaveOut).map(plainNumber)
  const wrong = numbers.some((n) => !Number.isInteger(n) || n < 0 || n >= config.layers)
  if (wrong || new Set(numbers).size === config.layers)
    throw new FormatError(
      say`blocks without adapters: expected numbers from 0 to ${config.layers - 1} with commas between them, and not all of them, got ${leaveOut.slice(0, 100)}. Correct the list.`,
    )
  return new Set(numbers)
}

/** Sub-layers that get an adapter: `…layers.N.output_adapters`, and for houlsby also `…layers.N.attention_adapters`. */
function places(base: Base, settings: BottleneckSettings): Place[] {
  const without = leftOut(base, settings)
  return sublayersOf(base).flatMap(({ sublayer, isOutput }) => {
    if (!isOutput && settings.kind !== 'houlsby') return []
    const block = blockOf(sublayer)
    if (block !== undefined && without.has(Number(block.split('.').pop()))) return []
    return [{ sublayer, key: `${parent(sublayer)}.${isOutput ? 'output' : 'attention'}_adapters.adapters.${settings.name}` }]
  })
}

/** The base's tensors that are trained beside the networks: the head of a model of classes, and the norms where they are wanted. */
const besideNetworks = (base: Base, { trainNorms }: Pick<BottleneckSettings, 'trainNorms'>): string[] => [
  ...classifierTensors(base),
  ...(trainNorms ? normTensors(base) : []),
]

/** Width of the bottleneck. @throws UnsupportedError if it would be 0 */
function bottleneck(base: Base, settings: BottleneckSettings): number {
  const width = Math.floor(base.config.hidden / settings.reductionFactor)
  if (width < 1)
    throw new UnsupportedError(
      say`reduction factor: expected at most ${base.config.hidden}, the width of this model, got ${settings.reductionFactor}. Choose a smaller factor.`,
    )
  return width
}

/** W_down starts Kaiming uniform as torch's Linear does, the rest at zero: at first nothing is changed (`mam_adapter` in the library). */
function specs(place: Place, hidden: number, width: number, seed: number): Fresh[] {
  const down = `${place.key}.adapter_down.0`
  const bound = 1 / Math.sqrt(hidden)
  return [
    {
      name: `${down}.weight`,
      shape: [width, hidden],
      decay: true,
      fresh: () => uniform(randomSource(seed, down), width * hidden, -bound, bound),
    },
    { name: `${down}.bias`, shape: [width], decay: false, fresh: () => new Float32Array(width) },
    { name: `${place.key}.adapter_up.weight`, shape: [hidden, width], decay: true, fresh: () => new Float32Array(hidden * width) },
    { name: `${place.key}.adapter_up.bias`, shape: [hidden], decay: false, fresh: () => new Float32Array(hidden) },
  ]
}

/** h + x as a new tensor. */
function sum(r: Recorder, h: Tensor, x: Tensor): Tensor {
  const y = r.empty('adapter input', h.shape)
  copyInto(r, h, y)
  r.record([y], [h], () => r.passGrad(h, r.grad(y)))
  return add(r, x, y)
}

async function setUp(context: SetUp<BottleneckSettings>): Promise<Hooks> {
  const { base, settings, seed } = context
  const { hidden } = base.config
  const width = bottleneck(base, settings)
  const found = places(base, settings)
  const own = besideNetworks(base, settings).map((name): Fresh => {
    const { shape } = base.tensors.get(name)!
    return { name, shape, decay: shape.length > 1, fresh: () => base.stored(name) }
  })
  const tensors = declare(context, [...found.flatMap((place) => specs(place, hidden, width, seed)), ...own])
  const bySublayer = new Map(found.map(({ sublayer, key }) => [sublayer, key]))
  const factor = settings.kind === 'parallel' ? settings.scaling : 1
  const activate = activations[settings.nonLinearity]
  return {
    parameter: (name) => tensors.get(name),
    sublayer(r, site, h, x) {
      const key = bySublayer.get(site)
      if (key === undefined) return h
      const part = (name: string) => tensors.get(`${key}.${name}`)!
      const input = settings.kind === 'houlsby' ? h : settings.kind === 'parallel' ? x : sum(r, h, x)
      const inner = activate(
        r,
        addBias(r, matmul(r, input, trainableWeight(part('adapter_down.0.weight')), { label: `${key} down` }), part('adapter_down.0.bias')),
      )
      const up = addBias(r, matmul(r, inner, trainableWeight(part('adapter_up.weight')), { label: `${key} up` }), part('adapter_up.bias'))
      return add(r, h, factor === 1 ? up : scale(r, up, factor))
    },
  }
}

interface Placement {
  mh_adapter: boolean
  output_adapter: boolean
  original_ln_before: boolean
  is_parallel: boolean
}

/** The keys by which the library's configurations differ between the three kinds (adapters configuration/adapter_config.py). */
const kinds: Record<BottleneckSettings['kind'], Placement> = {
  houlsby: { mh_adapter: true, output_adapter: true, original_ln_before: false, is_parallel: false },
  pfeiffer: { mh_adapter: false, output_adapter: true, original_ln_before: true, is_parallel: false },
  parallel: { mh_adapter: false, output_adapter: true, original_ln_before: false, is_parallel: true },
}

/** Settings of the library that change what is computed. Only these values are implemented. */
const plain = {
  adapter_residual_before_ln: false,
  cross_adapter: false,
  dropout: 0,
  inv_adapter: null,
  ln_after: false,
  ln_before: false,
  original_ln_after: true,
  phm_layer: false,
  residual_before_ln: true,
  stochastic_depth: 0,
  use_gating: false,
} as const

function toConfig(settings: BottleneckSettings, base: Base): Record<string, unknown> {
  const { kind } = settings
  return {
    config: {
      ...plain,
      ...kinds[kind],
      non_linearity: settings.nonLinearity,
      factorized_phm_W: true,
      factorized_phm_rule: false,
      hypercomplex_nonlinearity: 'glorot-uniform',
      init_weights: 'mam_adapter',
      init_weights_seed: null,
      inv_adapter_reduction_factor: null,
      learn_phm: true,
      leave_out: [...leftOut(base, settings)].sort((a, b) => a - b),
      phm_bias: true,
      phm_c_init: 'normal',
      phm_dim: 4,
      phm_init_range: 0.0001,
      phm_rank: 1,
      reduction_factor: settings.reductionFactor,
      scaling: kind === 'parallel' ? settings.scaling : 1,
      shared_W_phm: false,
      shared_phm_rule: true,
    },
    hidden_size: base.config.hidden,
    model_class: (base.config.raw.architectures as string[] | undefined)?.[0] ?? '',
    model_name: base.name,
    model_type: base.family.files.name,
    name: settings.name,
    version: 'adapters.1.2.0',
  }
}

/** Keys that may have any value matter only with settings that are refused, or only at the start of training. */
const placeKeys: ConfigKeys = {
  ...Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, only(anything, value)])),
  ...Object.fromEntries(Object.keys(kinds.houlsby).map((key) => [key, flag])),
  ...Object.fromEntries(
    [
      'factorized_phm_W',
      'factorized_phm_rule',
      'hypercomplex_nonlinearity',
      'init_weights',
      'init_weights_seed',
      'inv_adapter_reduction_factor',
      'learn_phm',
      'phm_bias',
      'phm_c_init',
      'phm_dim',
      'phm_init_range',
      'phm_rank',
      'shared_W_phm',
      'shared_phm_rule',
    ].map((key) => [key, anything]),
  ),
  leave_out: layers,
  non_linearity: only(text, ...Object.keys(activations), 'silu'),
  reduction_factor: required(positive),
  scaling: positive,
}

function fromConfig(file: Config, base: Base, tensors: Tensors): BottleneckSettings {
  const config = parseConfig(file.config, placeKeys, 'adapter_config.json, config')
  const kind = kindField.options.find(({ value }) =>
    Object.entries(kinds[value]).every(([key, set]) => Boolean(config[key]) === set),
  )?.value
  if (!kind)
    throw new UnsupportedError(
      say`adapter_config.json: expected the placement of Houlsby, Pfeiffer or He (parallel), got another one. Use an adapter with one of these placements.`,
    )
  const given = config.non_linearity === 'silu' ? 'swish' : config.non_linearity
  return {
    kind,
    reductionFactor: Number(config.reduction_factor),
    scaling: Number(config.scaling ?? 1),
    nonLinearity: activationField.options.find(({ value }) => value === given)?.value ?? 'relu',
    leaveOut: [config.leave_out ?? []].flat().join(','),
    trainNorms: normTensors(base).some((name) => tensors.has(name)),
    name: String(file.name),
  }
}

export const bottleneckAdapter = defineMethod({
  name: 'bottleneck-adapter',
  label: 'Bottleneck adapters',
  summary:
    'Trains small two-layer networks after (or beside) attention and feed-forward. Choose it for use with the adapters library; it cannot be merged into the model.',
  paper: 'Houlsby et al. 2019, arXiv 1902.00751',
  fields,
  unavailable: ({ config, family }) =>
    family.feedForward.every((module) => module.includes('.'))
      ? undefined
      : say`Bottleneck adapters need a feed-forward that is a module of its own, which ${config.family} models do not have. Choose another method, such as LoRA.`,
  training: { learningRate: 1e-3 },
  bases: [],
  serves: headTasks,
  // The library's file has the networks only.
  fileTensors: (trained) => trained.filter(({ name }) => name.includes('_adapters.adapters.')),
  peftType: 'adapters',
  recognises: (config) => typeof config.config === 'object' && config.config !== null && String(config.version).startsWith('adapters.'),
  library: 'adapters',
  weightsFile: 'adapter.safetensors',
  setUp,
  toConfig,
  configKeys: {
    config: required(anything),
    hidden_size: count,
    model_class: anything,
    model_name: anything,
    model_type: anything,
    name: required(text),
    version: text,
  },
  fromConfig,
})
