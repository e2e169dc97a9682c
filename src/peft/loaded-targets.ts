// The modules that a loaded adapter changes. The tensors of its file decide which; its configuration must agree with them.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Config } from './config-keys'
import type { Base, NamedTensor } from './method'
import { matches, targeting } from './module-match'

export interface Loaded {
  config: Config
  base: Base
  tensors: ReadonlyMap<string, NamedTensor>
}

const adapted =
  /^base_model\.model\.(.+)\.(?:lora_[AB]\.weight|lora_embedding_[AB]|lora_magnitude_vector|ia3_l|ln_tuning_layers\.(?:weight|bias))$/

/** Modules for which the file has tensors. */
function modulesOf(tensors: Loaded['tensors']): Set<string> {
  return new Set([...tensors.keys()].flatMap((key) => adapted.exec(key)?.[1] ?? []))
}

const some = (found: readonly string[]) => found.slice(0, 4).join(', ') + (found.length > 4 ? ` and ${found.length - 4} more` : '')

/** @throws FormatError if the file has an adapter's tensors, but none with PEFT's names. PEFT would ignore all of them. */
function checkNames(tensors: Loaded['tensors']): void {
  const other = [...tensors.keys()].find((key) => /lora|ia3/.test(key))
  if (other && ![...tensors.keys()].some((key) => adapted.test(key)))
    throw new FormatError(
      say`adapter: expected tensor names as in PEFT, such as base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight, got ${other.slice(0, 120)}. Save the adapter with PEFT's save_pretrained, or rename its tensors.`,
    )
}

/** A short list of names that match exactly these modules among `all`. */
export function asNames(modules: ReadonlySet<string>, all: readonly string[], preferred: readonly string[] = []): string {
  const means = (names: readonly string[]) => all.filter((module) => names.some((name) => matches(module, name)))
  const exactly = (names: readonly string[]) => means(names).length === modules.size && means(names).every((module) => modules.has(module))
  const listed = preferred.filter((name) => means([name]).length > 0)
  const last = [...new Set([...modules].map((module) => module.split('.').pop()!))]
  const short = [listed, last].find((names) => names.length > 0 && exactly(names))
  return [...(short ?? modules)].sort().join(', ')
}

/**
 * The modules that the adapter changes, as the text of a settings field. `candidates` are the base's modules that the method can change.
 * @throws FormatError if the configuration names other modules than those of the file's tensors
 */
export function loadedTargets({ config, base, tensors }: Loaded, candidates: readonly string[]): string {
  const { target_modules: targets } = config
  checkNames(tensors)
  const held = modulesOf(tensors)
  const allLinear = targets === 'all-linear'
  const targeted = allLinear ? (module: string) => base.sites.has(module) : targeting(config)
  const present = candidates.filter((module) => held.has(module))
  const meant = targeted ? candidates.filter(targeted) : present
  const kinds = [...new Set(candidates.map((module) => module.split('.').pop()))].join(', ')
  if (!meant.length)
    throw new FormatError(
      say`adapter_config.json, target_modules: expected modules of ${base.name} (${kinds}), got ${some([targets ?? []].flat() as string[]) || say`none`}, which it does not have. Use the adapter with the model that it was trained on.`,
    )
  const bare = meant.filter((module) => !held.has(module))
  if (bare.length)
    throw new FormatError(
      say`adapter: expected tensors for all modules that adapter_config.json targets, got none for ${some(bare)}. Download the adapter's file again, or correct target_modules and layers_to_transform.`,
    )
  const beside = present.filter((module) => !meant.includes(module))
  if (beside.length)
    throw new FormatError(
      say`adapter: expected only tensors for the modules that adapter_config.json targets, got others for ${some(beside)}, which PEFT would ignore. Correct target_modules.`,
    )
  if (allLinear && meant.length === base.sites.size) return 'all-linear'
  return asNames(new Set(meant), candidates, Array.isArray(targets) ? targets : [])
}
