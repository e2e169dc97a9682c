// LN-tuning (Zhao 2023, arXiv 2312.11420, section 3): the norms of the base are trained, weight and bias, and nothing else.
// Modules and names are those of PEFT's LN_TUNING (peft tuners/ln_tuning), which copies each target module and trains the copy.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { type Field, type SettingsOf, defaults } from '../config/field'
import type { Hooks } from '../models/hooks'
import { type Config, commonKeys, modules, names } from './config-keys'
import { type Fresh, declare } from './initial'
import { asNames, loadedTargets } from './loaded-targets'
import { type Tensors, checkApart, replaced } from './merge'
import { type Base, type Merge, type SetUp, defineMethod } from './method'
import { matches } from './module-match'
import { loadedModules, savedFields, savedModules, savedSpecs } from './saved-modules'
import { listed } from './targets'
import { moduleIn, tensorKey } from './tensor-keys'
import { tokenFields } from './token-rows'

const fields = [
  {
    key: 'targetModules',
    type: 'text',
    label: 'Target modules',
    help: 'The norms that are trained: auto (all norms of every block, and the final norm), or PEFT module names separated by commas. Norms of queries and keys are trained only if you name them.',
    default: 'auto',
    maxLength: 100_000,
    advanced: true,
  },
  ...savedFields,
] as const satisfies readonly Field[]
type LnSettings = SettingsOf<typeof fields>

const parentOf = (module: string) => module.slice(0, module.lastIndexOf('.'))
const moduleOf = (tensor: string) => parentOf(tensor)
const copies = 'ln_tuning_layers'
const parts = [`${copies}.weight`, `${copies}.bias`]
const keyOf = (tensor: string) => tensorKey(moduleOf(tensor), `${copies}.${tensor.split('.').pop()}`)

/** Every norm of the base: a module with a weight or a bias that is a vector, and that is no linear layer. */
function normsOf(base: Base): string[] {
  const vectors = [...base.tensors].filter(([name, { kind }]) => kind === 'vector' && /\.(weight|bias)$/.test(name))
  return [...new Set(vectors.map(([name]) => moduleOf(name)))].filter((module) => !base.sites.has(module))
}

/** The norms that are trained. `auto` leaves out those beside linear layers, which are of queries and keys. @throws FormatError naming targets that are no norms */
function targetNorms(base: Base, { targetModules }: Pick<LnSettings, 'targetModules'>): string[] {
  const all = normsOf(base)
  if (targetModules === 'auto') {
    const inner = new Set([...base.sites.keys()].map(parentOf))
    return all.filter((module) => !inner.has(parentOf(module)))
  }
  const targets = listed(targetModules)
  const unmatched = targets.filter((target) => !all.some((module) => matches(module, target)))
  if (unmatched.length || !targets.length)
    throw new FormatError(
      say`target modules: expected auto or norms among ${[...new Set(all.map((module) => module.split('.').pop()!))].join(', ')}, got ${unmatched.join(', ') || say`nothing`}. Correct the list.`,
    )
  return all.filter((module) => targets.some((target) => matches(module, target)))
}

/** The base's tensors of the norms of every block, and of the final norm. */
export function normTensors(base: Base): string[] {
  // The bias of a classifier is a vector beside a matrix.
  const isNorm = (module: string) => base.tensors.get(`${module}.weight`)?.kind === 'vector'
  const norms = new Set(targetNorms(base, { targetModules: 'auto' }).filter(isNorm))
  return [...base.tensors.keys()].filter((name) => norms.has(moduleOf(name)))
}

/** Keys in the adapter's file by the base's tensors. */
function trainedKeys(base: Base, settings: LnSettings): Map<string, string> {
  const norms = new Set(targetNorms(base, settings))
  return new Map([...base.tensors.keys()].filter((name) => norms.has(moduleOf(name))).map((name) => [name, keyOf(name)]))
}

async function setUp(context: SetUp<LnSettings>): Promise<Hooks> {
  const { base, settings } = context
  const keys = trainedKeys(base, settings)
  const saved = savedModules(base, settings)
  const specs = [...keys].map(([tensor, name]): Fresh => ({
    name,
    shape: base.tensors.get(tensor)!.shape,
    decay: false,
    fresh: () => base.stored(tensor),
  }))
  const tensors = declare(context, [...specs, ...savedSpecs(base, saved)])
  return {
    parameter: (name, head = false) => tensors.get(keys.get(name) ?? saved.find((s) => s.tensor === name && s.head === head)?.key ?? ''),
  }
}

function merge(tensors: Tensors, settings: LnSettings, base: Base): Merge {
  const saved = savedModules(base, settings)
  if (saved.length) checkApart(base, { ...defaults(tokenFields), ...settings })
  const keys = [...trainedKeys(base, settings), ...saved.map((s) => [s.tensor, s.key] as const)]
  return new Map(keys.map(([tensor, key]) => [tensor, replaced(tensors.get(key)!)]))
}

function toConfig(settings: LnSettings, base: Base): Record<string, unknown> {
  const saved = listed(settings.modulesToSave)
  return {
    peft_type: 'LN_TUNING',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base.name,
    inference_mode: true,
    target_modules: listed(asNames(new Set(targetNorms(base, settings)), normsOf(base))),
    exclude_modules: null,
    modules_to_save: saved.length ? saved : null,
  }
}

/** PEFT copies whatever module is targeted, so a file may have linear layers or tables. @throws UnsupportedError for anything but norms */
function checkNorms(base: Base, tensors: Tensors): void {
  const norms = new Set(normsOf(base))
  for (const key of tensors.keys()) {
    const module = moduleIn(key, parts)
    if (module !== undefined && !norms.has(module))
      throw new UnsupportedError(
        say`adapter_config.json, target_modules: expected norms of ${base.name}, got ${module}, which LN-tuning does not train in TabTune. Merge the adapter with PEFT and use the merged model, or use another adapter.`,
      )
  }
}

function fromConfig(config: Config, base: Base, tensors: Tensors): LnSettings {
  checkNorms(base, tensors)
  const modulesToSave = loadedModules((config.modules_to_save ?? []) as string[], base)
  return { targetModules: loadedTargets({ config, base, tensors }, normsOf(base), parts), modulesToSave }
}

export const lnTuning = defineMethod({
  name: 'ln-tuning',
  label: 'LN-tuning',
  summary: 'Trains only the norms that the model already has. Choose it for small adjustments with tiny files.',
  paper: 'Zhao et al. 2023, arXiv 2312.11420',
  fields,
  training: { learningRate: 3e-3 },
  bases: [],
  peftType: 'LN_TUNING',
  setUp,
  merge,
  toConfig,
  configKeys: { ...commonKeys('LN_TUNING'), target_modules: modules, exclude_modules: modules, modules_to_save: names },
  fromConfig,
})
