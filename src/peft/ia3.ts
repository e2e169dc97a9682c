// IA3 (Liu 2022, arXiv 2205.05638, section 3.3): trained factors on the keys, the values and the inner activations of the feed-forward.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import type { Hooks } from '../models/hooks'
import { scaleColumns } from '../ops/scale-columns'
import { type Config, commonKeys, flag, modules } from './config-keys'
import { type Fresh, declare } from './initial'
import { asNames, loadedTargets } from './loaded-targets'
import type { Tensors } from './merge'
import { type Base, type Merge, type RowChange, type SetUp, defineMethod } from './method'
import { listed, targetSites } from './targets'
import { matches } from './module-match'
import { tensorKey } from './tensor-keys'

const fields = [
  {
    key: 'targetModules',
    type: 'text',
    label: 'Target modules',
    help: 'The layers that get trained factors: auto (keys, values and the last feed-forward layer), or PEFT module names separated by commas.',
    default: 'auto',
    maxLength: 100_000,
    advanced: true,
  },
  {
    key: 'feedForwardModules',
    type: 'text',
    label: 'Feed-forward modules',
    help: 'The target modules whose input is scaled instead of their output: auto (the last feed-forward layer), or PEFT module names separated by commas.',
    default: 'auto',
    maxLength: 100_000,
    advanced: true,
  },
] as const satisfies readonly Field[]
type Ia3Settings = SettingsOf<typeof fields>

interface Ia3Site {
  site: string
  key: string
  /** Factors on the layer's input [1, in] instead of its output [out, 1]. */
  input: boolean
  size: number
}

/** `auto` means PEFT's defaults for the family: keys, values, and the last layer of the feed-forward (peft utils/constants.py). */
function modulesOf(base: Base, settings: Ia3Settings): { targets: string[]; feedForward: string[] } {
  const { linears, feedForward: inside, keysAndValues } = base.family
  const last = (name: string) => name.split('.').pop()!
  const attention = keysAndValues.map(last)
  const final = inside[inside.length - 1]
  // Attention may have a layer of the same name.
  const inner = linears.filter((name) => last(name) === last(final)).length > 1 ? final : last(final)
  // Experts have layers of these names too, which IA3 leaves alone.
  const usual = [...base.sites.keys()].some((site) => matches(site, inner)) ? [inner] : []
  const feedForward = settings.feedForwardModules === 'auto' ? usual : listed(settings.feedForwardModules)
  return {
    targets: settings.targetModules === 'auto' ? [...attention, ...feedForward] : listed(settings.targetModules),
    feedForward,
  }
}

const part = 'ia3_l'

function ia3Sites(base: Base, settings: Ia3Settings): Ia3Site[] {
  const { targets, feedForward } = modulesOf(base, settings)
  const inner = feedForward.length ? new Set(targetSites(base, feedForward.join(' '))) : new Set<string>()
  const sites = targetSites(base, targets.join(' '))
  const beside = [...inner].find((site) => !sites.includes(site))
  if (beside)
    throw new FormatError(
      say`feed-forward modules: expected modules among the target modules, got ${beside.split('.').pop()}. Add it to the target modules.`,
    )
  return sites.map((site) => {
    const [out, inputs] = base.sites.get(site)!
    const input = inner.has(site)
    return { site, key: tensorKey(site, part), input, size: input ? inputs : out }
  })
}

async function setUp(context: SetUp<Ia3Settings>): Promise<Hooks> {
  const sites = ia3Sites(context.base, context.settings)
  const specs = sites.map((s): Fresh => ({
    name: s.key,
    shape: s.input ? [1, s.size] : [s.size, 1],
    decay: false,
    fresh: () => new Float32Array(s.size).fill(1),
  }))
  const tensors = declare(context, specs)
  const factors = (input: boolean) => new Map(sites.filter((s) => s.input === input).map((s) => [s.site, tensors.get(s.key)!]))
  const [onInput, onOutput] = [factors(true), factors(false)]
  return {
    linearInput(r, site, x) {
      const l = onInput.get(site.name)
      return l ? scaleColumns(r, x, l) : x
    },
    linear(r, site, _x, y) {
      const l = onOutput.get(site.name)
      return l ? scaleColumns(r, y, l) : y
    },
  }
}

/** Factors on a layer's output scale the rows and the bias. Factors on its input scale the columns. */
function merge(tensors: Tensors, settings: Ia3Settings, base: Base): Merge {
  const changes = new Map<string, RowChange>()
  for (const { site, key, input } of ia3Sites(base, settings)) {
    const l = tensors.get(key)!.values
    const cols = base.sites.get(site)![1]
    changes.set(`${site}.weight`, (values, first) =>
      values.forEach((v, i) => (values[i] = v * (input ? l[i % cols] : l[first + Math.floor(i / cols)]))),
    )
    if (!input) changes.set(`${site}.bias`, (values) => values.forEach((v, i) => (values[i] = v * l[i])))
  }
  return changes
}

/** The module names that are written. PEFT requires that each feed-forward name is also a target name, letter for letter. */
function writtenModules(base: Base, settings: Ia3Settings): { targets: string[]; feedForward: string[] } {
  const named = modulesOf(base, settings)
  if (named.feedForward.every((name) => named.targets.includes(name))) return named
  const sites = ia3Sites(base, settings)
  return { targets: sites.map((s) => s.site), feedForward: sites.filter((s) => s.input).map((s) => s.site) }
}

function toConfig(settings: Ia3Settings, base: Base): Record<string, unknown> {
  const { targets, feedForward } = writtenModules(base, settings)
  return {
    peft_type: 'IA3',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base.name,
    inference_mode: true,
    target_modules: targets,
    feedforward_modules: feedForward,
    fan_in_fan_out: base.family.files.transposed !== undefined,
    init_ia3_weights: true,
    exclude_modules: null,
    modules_to_save: null,
  }
}

function fromConfig(config: Config, base: Base, tensors: Tensors): Ia3Settings {
  const sites = [...base.sites.keys()]
  const targetModules = loadedTargets({ config, base, tensors }, sites, [part])
  // Factors on a layer's input are stored as one row.
  const inner = targetSites(base, targetModules).filter((site) => tensors.get(tensorKey(site, part))?.shape[0] === 1)
  const given = config.feedforward_modules
  return { targetModules, feedForwardModules: asNames(new Set(inner), sites, Array.isArray(given) ? given : []) }
}

export const ia3 = defineMethod({
  name: 'ia3',
  label: 'IA3',
  summary:
    'Trains factors that scale keys, values and the inner feed-forward activations. Choose it for simple tasks or many tiny adapters; it learns less than LoRA.',
  paper: 'Liu et al. 2022, arXiv 2205.05638',
  fields,
  training: { learningRate: 3e-3 },
  bases: [],
  peftType: 'IA3',
  setUp,
  merge,
  toConfig,
  configKeys: {
    ...commonKeys('IA3'),
    target_modules: modules,
    exclude_modules: modules,
    feedforward_modules: modules,
    fan_in_fan_out: flag,
    init_ia3_weights: flag,
  },
  fromConfig,
})
