// Modules that are fully trained in addition to the low-rank updates (PEFT's modules_to_save): the token embedding and the head.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import type { Gpu } from '../gpu/gpu'
import { classifierTensors } from './classifier'
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
    help: 'embed_tokens, lm_head or both. Full copies of them are trained and saved with the adapter. The head of a model that sorts pictures is always trained, unless this is none.',
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

/** Value of the setting for a classifier that stays as it is. */
const none = 'none'

/** The module of a classifier's head; undefined for a model that writes text. */
const classifierModule = (base: Base): string | undefined => classifierTensors(base)[0]?.replace(/\.weight$/, '')

/** The names of the fully trained modules. The head of a classifier is one of them unless the setting is `none`. @throws FormatError for other modules of a classifier */
export function savedNames(base: Base, { modulesToSave = '' }: SavedSettings): string[] {
  const names = listed(modulesToSave)
  const classifier = classifierModule(base)
  if (classifier === undefined) return names
  const other = names.find((name) => name !== classifier && name !== none)
  if (other !== undefined || names.length > 1)
    throw new FormatError(say`fully trained modules: expected ${classifier} or ${none}, got ${names.join(', ')}. Correct the list.`)
  return names[0] === none ? [] : [classifier]
}

/** The modules named in `modulesToSave`. @throws FormatError naming the possible ones */
export function savedModules(base: Base, settings: SavedSettings): SavedModule[] {
  const own = classifierTensors(base)
  const { modulesToSave = '' } = settings
  if (own.length)
    return savedNames(base, settings).length
      ? own.map((tensor) => ({ key: `base_model.model.${tensor}`, tensor, head: tensor === base.family.head(base.config) }))
      : []
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
  const classifier = classifierModule(base)
  if (classifier !== undefined && present.every((name) => matches(classifier, name))) return present.length ? classifier : none
  const whole = classifier === undefined ? [embeddingModule(base), headModule] : [classifier, none]
  const other = present.find((name) => !whole.some((module) => matches(module, name)))
  if (other !== undefined)
    throw new UnsupportedError(
      say`adapter_config.json, modules_to_save: expected ${whole[0].split('.').pop()} or ${whole[1]}, got ${other}, which TabTune cannot train fully. Merge the adapter with PEFT and use the merged model, or use another adapter.`,
    )
  return present.join(', ')
}

/** Copies that start with the base's values. */
export function savedSpecs(base: Base, saved: readonly SavedModule[]): Fresh[] {
  const { vocab, hidden } = base.config
  return saved.map((s) => {
    const isBias = base.tensors.get(s.tensor)!.kind === 'vector'
    const shape = isBias ? [vocab] : [vocab, hidden]
    const fresh = (gpu: Gpu) => (isBias ? base.stored(s.tensor) : base.unpacked(gpu, s.tensor))
    return { name: s.key, shape, decay: shape.length > 1, fresh }
  })
}
