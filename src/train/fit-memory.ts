// How much the backward pass computes again so that a run fits a budget: the least that does, by its exact plan.

/** The program of one length, planned with some step of computing again (models/recompute.ts). */
export interface Candidate {
  arenaBytes: number
  /** Bytes that it takes beside the arena, which all programs share. */
  ownBytes: number
}

interface Room {
  /** Bytes for the arena and all programs' own. */
  bytes: number
  /** Bytes of the arena that other programs take anyway. */
  arenaBytes: number
}

/** The least step in [0, last] that fits, or `last`. Steps beyond one that fits must fit too. */
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
 * A candidate for each of `lengths`: those that compute least again and fit together, or the smallest where none fit.
 * `lasts` = steps at which it may end; the first that fits does, or the smallest. Few are recorded: the longest length by bisection,
 * shorter ones only as far as they do not fit into the arena that the longest takes.
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
  // What shorter ones take of their own hardly grows with their step, so the longest is looked for first and all are checked then.
  const nearly = (step: number) => arenaAt(step) + own([at(longest, step), ...shorter.map((length) => at(length, 0))])
  const fits = (step: number) => nearly(step) <= room.bytes
  const last = lasts.find(fits)
  if (last === undefined) return together(lasts.reduce((best, step) => (nearly(step) < nearly(best) ? step : best)))
  let step = leastStep(last, fits)
  while (step < Math.max(...lasts) && bytesOf(together(step)) > room.bytes) step++
  return together(step)
}
