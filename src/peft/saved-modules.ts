// Modules that are trained as a whole beside a low-rank update (PEFT's modules_to_save): the token embedding and the head.
import { FormatError } from '../config/errors'
import type { Settings } from '../config/field'
import type { Fresh } from './initial'
import { embeddingModule } from './lora-sites'
import type { Base } from './method'
import { matches } from './module-match'
import { listed } from './targets'

export interface SavedModule {
  /** Key in the adapter's file. */
  key: string
  /** The base's tensor that it replaces. */
  tensor: string
  /** In the head rather than at the input; a tied model's copies are two, as PEFT has it. */
  head: boolean
}

/** The modules named in `modulesToSave`. @throws FormatError naming those that can be */
export function savedModules(base: Base, settings: Settings): SavedModule[] {
  const embedding = embeddingModule(base)
  return listed(String(settings.modulesToSave ?? '')).map((name) => {
    if (matches(embedding, name)) return { key: `base_model.model.${embedding}.weight`, tensor: `${embedding}.weight`, head: false }
    if (name === 'lm_head') return { key: 'base_model.model.lm_head.weight', tensor: base.family.head(base.config), head: true }
    throw new FormatError(`modules trained whole: expected ${embedding.split('.').pop()} or lm_head, got ${name}. Correct the list.`)
  })
}

/** Copies that start as the base has them, [V, C] each. */
export function savedSpecs(base: Base, saved: readonly SavedModule[]): Fresh[] {
  const { vocab, hidden } = base.config
  return saved.map((s) => ({ name: s.key, shape: [vocab, hidden], decay: true, fresh: (gpu) => base.unpacked(gpu, s.tensor) }))
}
