// Which linear layers a method acts on, by PEFT's rules.
import { FormatError } from '../config/errors'
import type { Base } from './method'

/** Ends in the module's name, as PEFT matches list entries: equal, or behind a dot (peft tuners_utils.check_target_module_exists). */
export function matches(site: string, target: string): boolean {
  return site === target || site.endsWith(`.${target}`)
}

/** Names that a text field lists, by commas or spaces. */
export function listed(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

/** Sites among the base's for `all-linear` or listed modules. @throws FormatError naming targets that match nothing. */
export function targetSites(base: Base, text: string): string[] {
  const all = [...base.sites.keys()]
  const targets = listed(text)
  if (targets.length === 1 && targets[0] === 'all-linear') return all
  const unmatched = targets.filter((t) => !all.some((site) => matches(site, t)))
  if (unmatched.length || !targets.length) {
    const modules = [...new Set(all.map((s) => s.split('.').pop()))]
    throw new FormatError(
      `target modules: expected all-linear or names among ${modules.join(', ')}, got ${unmatched.join(', ') || 'nothing'}. Correct the list.`,
    )
  }
  return all.filter((site) => targets.some((t) => matches(site, t)))
}

/** `name=value` pairs of a pattern field (rank_pattern, alpha_pattern), as a lookup by site; PEFT takes the first key that matches. */
export function patternLookup(label: string, text: string): (site: string) => number | undefined {
  const entries = listed(text).map((pair) => {
    const at = pair.lastIndexOf('=')
    const value = Number(pair.slice(at + 1))
    if (at < 1 || !Number.isFinite(value) || value <= 0)
      throw new FormatError(`${label}: expected pairs such as down_proj=4, got ${pair}. Correct the list.`)
    return [pair.slice(0, at), value] as const
  })
  return (site) => entries.find(([name]) => matches(site, name))?.[1]
}

/** The pairs as PEFT's dictionary, and back. */
export function patternRecord(text: string): Record<string, number> {
  return Object.fromEntries(
    listed(text).map((pair) => [pair.slice(0, pair.lastIndexOf('=')), Number(pair.slice(pair.lastIndexOf('=') + 1))]),
  )
}

export function patternText(record: unknown): string {
  return Object.entries((record ?? {}) as Record<string, number>)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')
}
