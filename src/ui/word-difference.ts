// What differs between an expected answer and a given one, word by word.
import { differenceOf } from './difference'

export interface DifferencePart {
  /** In both; only in the given answer; only in the expected one. */
  kind: 'same' | 'extra' | 'missing'
  text: string
}

/** Above this many comparisons of words, only the common beginning and end are found. */
export const mostCompared = 160_000

/** Words, white space and single signs; together they are the text. */
const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}_]+|\s+|[^]/gu) ?? []

/** Lengths of the longest common sequences of `a` from i and `b` from j on, at i · (b.length + 1) + j. */
export function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j
      lengths[at] = a[i] === b[j] ? lengths[at + width + 1] + 1 : Math.max(lengths[at + width], lengths[at + 1])
    }
  return lengths
}

function add(parts: DifferencePart[], kind: DifferencePart['kind'], text: string): void {
  const last = parts.at(-1)
  if (last?.kind === kind) last.text += text
  else if (text) parts.push({ kind, text })
}

/** The given answer in parts, with what it lacks at its place. The parts `same` and `extra` together are the given answer. */
export function wordDifference(expected: string, given: string): DifferencePart[] {
  const { start, removed, inserted, end } = differenceOf(expected, given)
  const parts: DifferencePart[] = []
  add(parts, 'same', start)
  const [a, b] = [wordsOf(removed), wordsOf(inserted)]
  if (a.length * b.length > mostCompared) {
    add(parts, 'extra', inserted)
    add(parts, 'missing', removed)
  } else {
    const [lengths, width] = [commonLengths(a, b), b.length + 1]
    let [i, j] = [0, 0]
    while (i < a.length || j < b.length) {
      const here = lengths[i * width + j]
      if (i < a.length && j < b.length && a[i] === b[j]) add(parts, 'same', (i++, b[j++]))
      else if (j < b.length && (i === a.length || lengths[i * width + j + 1] === here)) add(parts, 'extra', b[j++])
      else add(parts, 'missing', a[i++])
    }
  }
  add(parts, 'same', end)
  return parts
}
