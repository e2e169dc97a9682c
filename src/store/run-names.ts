// The name and the colour that a new run gets beside others.
import type { Run } from './run'

/** Number of looks of curves: six colours with six patterns each. */
const paletteSize = 18

/** The colour used least by `runs`, the first of them. */
export function nextColour(runs: readonly Run[]): number {
  const used = new Array<number>(paletteSize).fill(0)
  for (const run of runs) used[run.colour % paletteSize] = (used[run.colour % paletteSize] ?? 0) + 1
  return used.indexOf(Math.min(...used))
}

/** What two names that look alike share: spaces, hyphens and underscores are one, as they are in the names of downloads. */
const looks = (name: string): string => name.trim().replace(/[\s_-]+/g, ' ')

/** Says whether a run of `runs` has a name that cannot be told from this one at a glance. */
export function namesIn(runs: readonly Run[]): (name: string) => boolean {
  const taken = new Set(runs.map((run) => looks(run.name)))
  return (name) => taken.has(looks(name))
}

/** `variant`, if no run has that name yet; otherwise `label` or `variant` with the next free number: LoRA 1, LoRA 2, … */
export function nextName(label: string, runs: readonly Run[], variant?: string): string {
  const isTaken = namesIn(runs)
  if (variant !== undefined) return isTaken(variant) ? nextName(`${variant},`, runs) : variant
  let number = 1
  while (isTaken(`${label} ${number}`)) number += 1
  return `${label} ${number}`
}
