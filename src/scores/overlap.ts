// Precision, recall and their harmonic mean over parts that an answer shares with the expected one.

interface Overlap {
  shared: number
  /** Parts of the answer, and of the expected answer. */
  said: number
  expected: number
}

/** What two lists share. A part that occurs twice in both is shared twice. */
export function overlapOf(said: readonly string[], expected: readonly string[]): Overlap {
  const left = new Map<string, number>()
  for (const part of expected) left.set(part, (left.get(part) ?? 0) + 1)
  let shared = 0
  for (const part of said) {
    const count = left.get(part) ?? 0
    if (count > 0) shared++
    left.set(part, count - 1)
  }
  return { shared, said: said.length, expected: expected.length }
}

/** 2 · shared / (said + expected); 1 if both are empty. */
export const f1 = ({ shared, said, expected }: Overlap): number => (said + expected === 0 ? 1 : (2 * shared) / (said + expected))

/** The parts of all answers counted together, so that long answers count more. */
export function microOverlap(overlaps: readonly Overlap[]): Overlap {
  const sum: Overlap = { shared: 0, said: 0, expected: 0 }
  for (const { shared, said, expected } of overlaps) {
    sum.shared += shared
    sum.said += said
    sum.expected += expected
  }
  return sum
}
