// Modules that are trained as a whole beside a low-rank update (PEFT's modules_to_save): the token embedding and the head.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import type { Fresh } from './initial'
import { embeddingModule, headModule } from './lora-sites'
import type { Base } from './method'
import { matches } from './module-match'
import { listed } from './targets'

export const savedFields = [
  {
    key: 'modulesToSave',
    type: 'text',
    label: 'Modules trained whole',
    help: 'embed_tokens, lm_head or both: full copies that are trained and saved beside the update.',
    default: '',
    advanced: true,
  },
] as const satisfies readonly Field[]
/** Not every method has the field. */
export type SavedSettings = Partial<SettingsOf<typeof savedFields>>

interface SavedModule {
  /** Key in the adapter's file. */
  key: string
  /** The base's tensor that it replaces. */
  tensor: string
  /** In the head rather than at the input; a tied model's copies are two, as PEFT has it. */
  head: boolean
}

/** The modules named in `modulesToSave`. @throws FormatError naming those that can be */
export function savedModules(base: Base, { modulesToSave = '' }: SavedSettings): SavedModule[] {
  const embedding = embeddingModule(base)
  return listed(modulesToSave).map((name) => {
    if (matches(embedding, name)) return { key: `base_model.model.${embedding}.weight`, tensor: `${embedding}.weight`, head: false }
    if (name === headModule) return { key: 'base_model.model.lm_head.weight', tensor: base.family.head(base.config), head: true }
    throw new FormatError(say`modules trained whole: expected ${embedding.split('.').pop()} or lm_head, got ${name}. Correct the list.`)
  })
}

/** Every module of the base that holds tensors, with those around it. */
function modulesOf(base: Base): Set<string> {
  const modules = new Set([headModule])
  for (const tensor of base.tensors.keys())
    for (let at = tensor.lastIndexOf('.'); at > 0; at = tensor.lastIndexOf('.', at - 1)) modules.add(tensor.slice(0, at))
  return modules
}

/**
 * `modules_to_save` of a file as a settings field has it. Names of no module of the base (lists for several families have such) say
 * nothing, as in PEFT. @throws UnsupportedError for modules that are not trained whole here
 */
export function loadedModules(names: readonly string[], base: Base): string {
  const modules = [...modulesOf(base)]
  const present = names.filter((name) => modules.some((module) => matches(module, name)))
  const whole = [embeddingModule(base), headModule]
  const other = present.find((name) => !whole.some((module) => matches(module, name)))
  if (other !== undefined)
    throw new UnsupportedError(
      say`adapter_config.json, modules_to_save: expected ${whole.map((module) => module.split('.').pop()).join(' or ')}, got ${other}, which TabTune does not train whole. Merge the adapter with PEFT and use the merged model, or use another adapter.`,
    )
  return present.join(', ')
}

/** Copies that start as the base has them, [V, C] each. */
export function savedSpecs(base: Base, saved: readonly SavedModule[]): Fresh[] {
  const { vocab, hidden } = base.config
  return saved.map((s) => ({ name: s.key, shape: [vocab, hidden], decay: true, fresh: (gpu) => base.unpacked(gpu, s.tensor) }))
}
