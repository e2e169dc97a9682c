// The modules that a loaded adapter changes. The tensors of its file decide which; its configuration must agree with them.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Config } from './config-keys'
import type { Base, NamedTensor } from './method'
import { matches, targeting } from './module-match'
import { moduleIn } from './tensor-keys'

export interface Loaded {
  config: Config
  base: Base
  tensors: ReadonlyMap<string, NamedTensor>
}

const some = (found: readonly string[]) => found.slice(0, 4).join(', ') + (found.length > 4 ? ` and ${found.length - 4} more` : '')

const otherNames = (key: string) =>
  new FormatError(
    say`adapter: expected tensor names as in PEFT, such as base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight, got ${key.slice(0, 120)}. Save the adapter with PEFT's save_pretrained, or rename its tensors.`,
  )

/** Modules for which the file has `parts`. @throws FormatError if it has tensors of the method, but none with PEFT's names. PEFT would ignore all of them. */
function modulesOf(tensors: Loaded['tensors'], parts: readonly string[]): Set<string> {
  const keys = [...tensors.keys()]
  const modules = new Set(keys.flatMap((key) => moduleIn(key, parts) ?? []))
  const words = parts.map((part) => part.slice(0, part.lastIndexOf('_')))
  const other = keys.find((key) => words.some((word) => key.includes(word)))
  if (other && !modules.size) throw otherNames(other)
  return modules
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
 * The modules that the adapter changes, as the text of a settings field. `candidates` are the base's modules that the method can change, and
 * `parts` are its tensors in each of them.
 * @throws FormatError if the configuration names other modules than those of the file's tensors
 */
export function loadedTargets({ config, base, tensors }: Loaded, candidates: readonly string[], parts: readonly string[]): string {
  const { target_modules: targets } = config
  const held = modulesOf(tensors, parts)
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
  // Names that end like those of the modules without tensors, but begin in another way.
  const astray = [...tensors.keys()].find((key) => {
    const module = moduleIn(key, parts)
    return module !== undefined && !candidates.includes(module) && bare.some((one) => one.split('.').pop() === module.split('.').pop())
  })
  if (astray !== undefined) throw otherNames(astray)
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
