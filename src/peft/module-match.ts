// Which modules PEFT's configurations mean, by the rules of PEFT 0.21.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Config } from './config-keys'
import { type Budget, type Pattern, pythonPattern } from './python-pattern'

/** Ends in the module's name, as PEFT matches list entries: equal, or behind a dot (peft tuners_utils.check_target_module_exists). */
export function matches(site: string, target: string): boolean {
  return site === target || site.endsWith(`.${target}`)
}

/** A pattern that is a name, apart from dots, which match any character. */
export const isPlain = (key: string) => /^[\w.]+$/.test(key)

function plainMatch(key: string, module: string): boolean {
  const from = module.length - key.length
  if (from < 0 || (from > 0 && module[from - 1] !== '.')) return false
  for (let i = 0; i < key.length; i++) if (key[i] !== '.' && key[i] !== module[from + i]) return false
  return true
}

/** Whether a key of rank_pattern or alpha_pattern means a module (peft utils/other.py, get_pattern_key). */
function keyMatcher(key: string, where: string, budget: Budget): (module: string) => boolean {
  if (isPlain(key)) return (module) => plainMatch(key, module)
  let pattern: Pattern | undefined
  const compiled = (): Pattern => {
    try {
      return pythonPattern(`(.*\\.)?(${key})$`, where, budget)
    } catch (error) {
      // An error about the key alone is clearer.
      pythonPattern(key, where, budget)
      throw error
    }
  }
  return (module) => (pattern ??= compiled()).matchesStart(module)
}

/** Values by patterns as a lookup by module; the first key that matches counts. */
export function byPattern(entries: readonly (readonly [string, number])[], where: string): (module: string) => number | undefined {
  const budget = { steps: 0 }
  const rules = entries.map(([key, value]) => [keyMatcher(key, where, budget), value] as const)
  return (module) => rules.find(([means]) => means(module))?.[1]
}

/** A list entry, or a regular expression for the whole name. */
function nameMatcher(value: unknown, where: string, budget: Budget): (module: string) => boolean {
  if (typeof value !== 'string') return (module) => ((value ?? []) as string[]).some((name) => matches(module, name))
  const pattern = pythonPattern(value, where, budget)
  return (module) => pattern.matchesWhole(module)
}

/** The layer's number is among `layers_to_transform`: the first one in the name, or the one behind `layers_pattern`. */
function layerMatcher(config: Config, where: string, budget: Budget): ((module: string) => boolean) | undefined {
  if (config.layers_to_transform === undefined) return undefined
  const wanted = new Set([config.layers_to_transform].flat())
  const given = (typeof config.layers_pattern === 'string' ? [config.layers_pattern] : (config.layers_pattern ?? [])) as string[]
  // The name up to the layer's number; the shortest match counts, as with a lazy .*?.
  const patterns = (given.length ? given.map((name) => `(?:^|.*\\.)${name}`) : [String.raw`.*\.[^.]*`]).map((front) =>
    pythonPattern(front, where, budget),
  )
  return (module) => {
    const numbers = [...module.matchAll(/\.(\d+)(?=\.)/g)]
    for (const pattern of patterns) {
      const found = numbers.find((n) => pattern.matchesWhole(module.slice(0, n.index)))
      if (found) return wanted.has(Number(found[1]))
    }
    return false
  }
}

/** Whether the configuration targets a module; undefined where it does not say which (peft tuners_utils.check_target_module_exists). */
export function targeting(config: Config): ((module: string) => boolean) | undefined {
  const { target_modules: targets } = config
  if (targets === undefined) return undefined
  const budget = { steps: 0 }
  const where = (key: string) => `adapter_config.json, ${key}`
  if (typeof targets === 'string' && config.layers_to_transform !== undefined)
    throw new FormatError(
      say`${where('layers_to_transform')}: expected target_modules as a list beside it, got a regular expression. Correct the file.`,
    )
  const excluded = nameMatcher(config.exclude_modules, where('exclude_modules'), budget)
  const saved = ((config.modules_to_save ?? []) as string[]).map((name) =>
    pythonPattern(`(^|.*\\.)${name}($|\\..*)`, where('modules_to_save'), budget),
  )
  const targeted = nameMatcher(targets, where('target_modules'), budget)
  const inLayer = layerMatcher(config, where('layers_pattern'), budget)
  const exact = new Set(Array.isArray(targets) ? targets : [])
  return (module) =>
    !excluded(module) &&
    !saved.some((pattern) => pattern.matchesStart(module)) &&
    targeted(module) &&
    (!inLayer || exact.has(module) || inLayer(module))
}
