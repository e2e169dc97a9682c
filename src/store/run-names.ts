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

/** `variant`, if no run has that name yet; otherwise `label` or `variant` with the next free number: LoRA 1, LoRA 2, … */
export function nextName(label: string, runs: readonly Run[], variant?: string): string {
  const names = new Set(runs.map((r) => r.name))
  if (variant !== undefined) return names.has(variant) ? nextName(`${variant},`, runs) : variant
  let number = 1
  while (names.has(`${label} ${number}`)) number += 1
  return `${label} ${number}`
}
