// Chooses how much the backward pass computes again (recomputation) so that a run fits its memory budget. It takes the least
// recomputation that fits, according to exact memory plans.

/** A program for one length, planned with one step of recomputation (models/recompute.ts). */
export interface Candidate {
  arenaBytes: number
  /** Bytes outside the arena, which all programs share. */
  ownBytes: number
}

interface Room {
  /** Bytes for the arena and for the `ownBytes` of all programs. */
  bytes: number
  /** Bytes of the arena that other programs need anyway. */
  arenaBytes: number
}

/** The smallest step in [0, last] that fits, or `last` if none does. If a step fits, all larger ones must fit too. */
function leastStep(last: number, fits: (step: number) => boolean): number {
  if (fits(0)) return 0
  let [low, high] = [0, last]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (fits(middle)) high = middle
    else low = middle
  }
  return high
}

/**
 * Chooses a candidate for each of `lengths`: those with the least recomputation that fit together, or the smallest ones if none fit.
 * `lasts` = upper ends of the search. The first of them that fits is used; if none fits, the smallest in memory. Recording is slow, so
 * few candidates are recorded: the longest length is searched by bisection, and a shorter length only until it fits into the arena of
 * the longest.
 */
export function fitMemory<C extends Candidate>(
  lengths: readonly number[],
  lasts: readonly number[],
  room: Room,
  record: (length: number, step: number) => C,
): Map<number, C> {
  const known = new Map<string, C>()
  const at = (length: number, step: number): C => {
    const key = `${length} ${step}`
    const candidate = known.get(key) ?? record(length, step)
    known.set(key, candidate)
    return candidate
  }
  const [longest, ...shorter] = lengths.toSorted((a, b) => b - a)
  if (longest === undefined) return new Map()
  const arenaAt = (step: number) => Math.max(room.arenaBytes, at(longest, step).arenaBytes)
  const together = (step: number): Map<number, C> => {
    const fitting = (length: number) =>
      at(
        length,
        leastStep(step, (s) => at(length, s).arenaBytes <= arenaAt(step)),
      )
    return new Map([[longest, at(longest, step)], ...shorter.map((length): [number, C] => [length, fitting(length)])])
  }
  const own = (all: Iterable<C>) => [...all].reduce((sum, c) => sum + c.ownBytes, 0)
  const bytesOf = (found: Map<number, C>) =>
    Math.max(room.arenaBytes, ...[...found.values()].map((c) => c.arenaBytes)) + own(found.values())
  // The `ownBytes` of shorter lengths hardly grow with the step, so the search looks at the longest length first and checks all at its end.
  const nearly = (step: number) => arenaAt(step) + own([at(longest, step), ...shorter.map((length) => at(length, 0))])
  const fits = (step: number) => nearly(step) <= room.bytes
  const last = lasts.find(fits)
  if (last === undefined) return together(lasts.reduce((best, step) => (nearly(step) < nearly(best) ? step : best)))
  let step = leastStep(last, fits)
  while (step < Math.max(...lasts) && bytesOf(together(step)) > room.bytes) step++
  return together(step)
}
