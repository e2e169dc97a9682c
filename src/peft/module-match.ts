// Which modules the names and patterns of a PEFT configuration match, by the rules of PEFT 0.21.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Config } from './config-keys'
import { type Budget, type Pattern, pythonPattern } from './python-pattern'

/** Whether a list entry of PEFT matches a module: it is the whole name, or its end after a dot (check_target_module_exists). */
export function matches(site: string, target: string): boolean {
  return site === target || site.endsWith(`.${target}`)
}

/** Whether a pattern is a plain name. A dot in it still matches any character. */
export const isPlain = (key: string) => /^[\w.]+$/.test(key)

function plainMatch(key: string, module: string): boolean {
  const from = module.length - key.length
  if (from < 0 || (from > 0 && module[from - 1] !== '.')) return false
  for (let i = 0; i < key.length; i++) if (key[i] !== '.' && key[i] !== module[from + i]) return false
  return true
}

/** Whether a key of rank_pattern or alpha_pattern matches a module (peft utils/other.py, get_pattern_key). */
function keyMatcher(key: string, where: string, budget: Budget): (module: string) => boolean {
  if (isPlain(key)) return (module) => plainMatch(key, module)
  let pattern: Pattern | undefined
  const compiled = (): Pattern => {
    try {
      return pythonPattern(`(.*\\.)?(${key})$`, where, budget)
    } catch (error) {
      // If the key itself is wrong, an error about it is clearer.
      pythonPattern(key, where, budget)
      throw error
    }
  }
  return (module) => (pattern ??= compiled()).matchesStart(module)
}

/** Looks up a module's value in values by patterns. The first key that matches counts. */
export function byPattern(entries: readonly (readonly [string, number])[], where: string): (module: string) => number | undefined {
  const budget = { steps: 0 }
  const rules = entries.map(([key, value]) => [keyMatcher(key, where, budget), value] as const)
  return (module) => rules.find(([means]) => means(module))?.[1]
}

/** Whether a module matches an entry of the list, or its whole name matches the regular expression. */
function nameMatcher(value: unknown, where: string, budget: Budget): (module: string) => boolean {
  if (typeof value !== 'string') return (module) => ((value ?? []) as string[]).some((name) => matches(module, name))
  const pattern = pythonPattern(value, where, budget)
  return (module) => pattern.matchesWhole(module)
}

/**
 * Whether a module's layer is in `layers_to_transform`. The layer's number is the first number in the module's name, or the number after
 * `layers_pattern`.
 */
function layerMatcher(config: Config, where: string, budget: Budget): ((module: string) => boolean) | undefined {
  if (config.layers_to_transform === undefined) return undefined
  const wanted = new Set([config.layers_to_transform].flat())
  const given = (typeof config.layers_pattern === 'string' ? [config.layers_pattern] : (config.layers_pattern ?? [])) as string[]
  // Each pattern matches the name up to the layer's number. The shortest match counts, as with a lazy .*?.
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

/** Whether a module is, or is inside, one of the modules that an entry of `modules_to_save` names. */
function savedMatcher(name: string, where: string, budget: Budget): (module: string) => boolean {
  if (isPlain(name)) {
    const plain = new RegExp(`(?:^|\\.)${name}(?:$|\\.)`)
    return (module) => plain.test(module)
  }
  const pattern = pythonPattern(`(^|.*\\.)${name}($|\\..*)`, where, budget)
  return (module) => pattern.matchesStart(module)
}

/** Whether the configuration targets a module; undefined if it has no targets (peft tuners_utils.check_target_module_exists). */
export function targeting(config: Config): ((module: string) => boolean) | undefined {
  const { target_modules: targets } = config
  if (targets === undefined) return undefined
  const budget = { steps: 0 }
  const where = (key: string) => `adapter_config.json, ${key}`
  if (typeof targets === 'string' && config.layers_to_transform !== undefined)
    throw new FormatError(
      say`${where('layers_to_transform')}: expected target_modules to be a list when this is set, got a regular expression. Correct the file.`,
    )
  const excluded = nameMatcher(config.exclude_modules, where('exclude_modules'), budget)
  const saved = [...new Set((config.modules_to_save ?? []) as string[])].map((name) => savedMatcher(name, where('modules_to_save'), budget))
  const targeted = nameMatcher(targets, where('target_modules'), budget)
  const inLayer = layerMatcher(config, where('layers_pattern'), budget)
  const exact = new Set(Array.isArray(targets) ? targets : [])
  return (module) =>
    !excluded(module) && !saved.some((means) => means(module)) && targeted(module) && (!inLayer || exact.has(module) || inLayer(module))
}
