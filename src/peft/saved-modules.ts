// Modules that are fully trained in addition to the low-rank updates (PEFT's modules_to_save): the token embedding and the head.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import type { Fresh } from './initial'
import { checkHeadModule, embeddingModule, headModule } from './lora-sites'
import type { Base } from './method'
import { matches } from './module-match'
import { listed } from './targets'

export const savedFields = [
  {
    key: 'modulesToSave',
    type: 'text',
    label: 'Fully trained modules',
    help: 'embed_tokens, lm_head or both. Full copies of them are trained and saved with the adapter.',
    default: '',
    advanced: true,
  },
] as const satisfies readonly Field[]
/** Optional, because not every method has the field. */
export type SavedSettings = Partial<SettingsOf<typeof savedFields>>

interface SavedModule {
  /** Key in the adapter's file. */
  key: string
  /** The base's tensor that it replaces. */
  tensor: string
  /** Whether it is the head. A tied model gets two copies, as in PEFT. */
  head: boolean
}

/** The modules named in `modulesToSave`. @throws FormatError naming the possible ones */
export function savedModules(base: Base, { modulesToSave = '' }: SavedSettings): SavedModule[] {
  const embedding = embeddingModule(base)
  return listed(modulesToSave).map((name) => {
    if (matches(embedding, name)) return { key: `base_model.model.${embedding}.weight`, tensor: `${embedding}.weight`, head: false }
    if (name === headModule) checkHeadModule(base)
    if (name === headModule) return { key: 'base_model.model.lm_head.weight', tensor: base.family.head(base.config), head: true }
    throw new FormatError(say`fully trained modules: expected ${embedding.split('.').pop()} or lm_head, got ${name}. Correct the list.`)
  })
}

/** Every module of the base that has tensors, and all modules that contain it. */
function modulesOf(base: Base): Set<string> {
  const modules = new Set([headModule])
  for (const tensor of base.tensors.keys())
    for (let at = tensor.lastIndexOf('.'); at > 0; at = tensor.lastIndexOf('.', at - 1)) modules.add(tensor.slice(0, at))
  return modules
}

/**
 * `modules_to_save` of a file as the text of the settings field. Names that no module of the base has are ignored, as in PEFT, since lists
 * may be made for several families. @throws UnsupportedError for modules that TabTune does not train fully
 */
export function loadedModules(names: readonly string[], base: Base): string {
  const modules = [...modulesOf(base)]
  const present = names.filter((name) => modules.some((module) => matches(module, name)))
  const whole = [embeddingModule(base), headModule]
  const other = present.find((name) => !whole.some((module) => matches(module, name)))
  if (other !== undefined)
    throw new UnsupportedError(
      say`adapter_config.json, modules_to_save: expected ${whole[0].split('.').pop()} or ${whole[1]}, got ${other}, which TabTune cannot train fully. Merge the adapter with PEFT and use the merged model, or use another adapter.`,
    )
  return present.join(', ')
}

/** Copies [V, C] that start with the base's values. */
export function savedSpecs(base: Base, saved: readonly SavedModule[]): Fresh[] {
  const { vocab, hidden } = base.config
  return saved.map((s) => ({ name: s.key, shape: [vocab, hidden], decay: true, fresh: (gpu) => base.unpacked(gpu, s.tensor) }))
}
