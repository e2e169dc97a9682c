// Finds the largest number whose bytes fit into a budget.
/**
 * The largest whole number from 1 to `most` whose bytes are at most `budget`; 0 if there is none. `bytesOf` must not fall. Bytes grow
 * nearly evenly, so a few are computed.
 */
export async function largestWithin(bytesOf: (n: number) => Promise<number>, budget: number, most: number): Promise<number> {
  let [fits, fitsBytes] = [1, await bytesOf(1)]
  if (fitsBytes > budget) return 0
  let [over, overBytes] = [most, most > 1 ? await bytesOf(most) : fitsBytes]
  if (overBytes <= budget) return most
  for (let i = 0; over - fits > 1; i++) {
    const even =
      overBytes === Infinity
        ? Math.floor(Math.sqrt(fits * over))
        : fits + Math.floor(((over - fits) * (budget - fitsBytes)) / (overBytes - fitsBytes))
    // Every third guess is the middle, in case that bytes do not grow evenly.
    const guess = i % 3 === 2 ? (fits + over) >> 1 : Math.min(over - 1, Math.max(fits + 1, even))
    const bytes = await bytesOf(guess)
    if (bytes <= budget) [fits, fitsBytes] = [guess, bytes]
    else [over, overBytes] = [guess, bytes]
  }
  return fits
}
