// Lists in text fields: target modules, and values by module. PEFT's rules are in module-match.ts.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Base } from './method'
import { byPattern, isPlain, matches } from './module-match'

/** The names in a text field, separated by commas or spaces. */
export function listed(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

/** A name that the names of layers begin with (`vision_model`, `model.layers.0`) becomes the whole names of the linear layers inside it. */
export function withInner(base: Base, names: readonly string[]): string[] {
  const sites = [...base.sites.keys()]
  return names.flatMap((name) => {
    const inner = sites.filter((site) => site.startsWith(`${name}.`))
    return inner.length ? inner : [name]
  })
}

/**
 * The base's sites that `all-linear` or the listed modules match, and those of `named` that the listed modules match.
 * @throws FormatError naming targets that match nothing
 */
export function targetSites(base: Base, text: string, named: Base['named'] = new Map()): string[] {
  const targets = listed(text)
  if (targets.length === 1 && targets[0] === 'all-linear') return [...base.sites.keys()]
  const all = [...base.sites.keys(), ...named.keys()]
  const unmatched = targets.filter((t) => !all.some((site) => matches(site, t)))
  if (unmatched.length || !targets.length) {
    const modules = [...new Set(all.map((s) => s.split('.').pop()))]
    throw new FormatError(
      say`target modules: expected all-linear or some of ${modules.join(', ')}, got ${unmatched.join(', ') || say`nothing`}. Correct the list.`,
    )
  }
  return all.filter((site) => targets.some((t) => matches(site, t)))
}

/** `pattern=value` pairs of a field (ranks or alphas by module). @throws FormatError for anything else */
function pairs(label: string, text: string): [string, number][] {
  return listed(text).map((pair) => {
    const at = pair.lastIndexOf('=')
    const value = Number(pair.slice(at + 1))
    if (at < 1 || !Number.isFinite(value) || value <= 0)
      throw new FormatError(say`${label}: expected pairs such as down_proj=4, got ${pair}. Correct the list.`)
    return [pair.slice(0, at), value]
  })
}

/** The pairs as a lookup by site. */
export function patternLookup(label: string, text: string): (site: string) => number | undefined {
  return byPattern(pairs(label, text), label)
}

/** The pairs as PEFT's dictionary. */
export function patternRecord(text: string): Record<string, number> {
  return Object.fromEntries(pairs('values by module', text))
}

export const pairText = (pairs: readonly (readonly [string, number])[]) => pairs.map(([name, value]) => `${name}=${value}`).join(', ')

/** PEFT's dictionary `key` as pairs: unchanged if its keys are plain names, else one pair for each of `modules` that a key matches. */
export function patternText(record: unknown, key: string, modules: readonly string[]): string {
  const entries = Object.entries((record ?? {}) as Record<string, number>)
  const valueOf = byPattern(entries, `adapter_config.json, ${key}`)
  const named = entries.every(([name]) => isPlain(name))
    ? entries
    : modules.flatMap((module) => {
        const value = valueOf(module)
        return value === undefined ? [] : [[module, value] as const]
      })
  return pairText(named)
}
