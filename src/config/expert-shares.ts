// How the tokens of a step were divided among the experts of its method: a number of its own for each expert, so that they are kept,
// resumed and told to other tabs like every other number of a step. Runs without experts have none of them.

/** As many experts as a method may have. */
export const mostExperts = 64

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'
/** Of expert `1`, `2`, … */
export type ExpertKey = `expert${'' | '1' | '2' | '3' | '4' | '5' | '6'}${Digit}`

export const expertKeys = Array.from({ length: mostExperts }, (_, e) => `expert${e + 1}` as ExpertKey)

/** The share of choices that fell on each expert, from 0 to 1; none if no token was routed. */
export function expertShares(counts: readonly number[] = []): Partial<Record<ExpertKey, number>> {
  const all = counts.reduce((sum, count) => sum + count, 0)
  return all > 0 ? Object.fromEntries(counts.map((count, e) => [expertKeys[e], count / all])) : {}
}
