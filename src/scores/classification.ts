// Answers that are one of a few labels.
import { f1 } from './overlap'
import { type AnsweredRow, mean, score } from './score'

/** A label apart from case, white space and punctuation at its end. */
const labelOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/(?<![\s.!?])[\s.!?]+$/, '')

interface Labels {
  expected: string
  said: string
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}

/** The mean F1 of the expected labels, each counted the same however rare it is. */
function macroF1(judgements: readonly Labels[]): number {
  const expected = countBy(judgements, (each) => each.expected)
  const said = countBy(judgements, (each) => each.said)
  const right = countBy(
    judgements.filter((each) => each.said === each.expected),
    (each) => each.said,
  )
  return mean([...expected].map(([label, wanted]) => f1({ shared: right.get(label) ?? 0, said: said.get(label) ?? 0, expected: wanted })))
}

const mostLabels = 50

export const classification = score({
  name: 'classification',
  label: 'Classification',
  help: 'The share of answers with the right label, and the mean F1 of the labels. Case and a full stop at the end do not count.',
  figures: [
    { key: 'accuracy', label: 'Accuracy', form: 'share' },
    { key: 'macroF1', label: 'Macro F1', form: 'share' },
  ],
  suits(rows) {
    const labels = new Set(rows.map(({ expected }) => labelOf(expected)))
    const short = rows.every(({ expected }) => expected.trim().length <= 40)
    return short && labels.size > 1 && labels.size <= Math.min(mostLabels, rows.length / 3)
  },
  judge: ({ answer, expected }): Labels => ({ expected: labelOf(expected), said: labelOf(answer) }),
  grade: ({ expected, said }) => (expected === said ? 1 : 0),
  figuresOf: (judgements) => ({
    accuracy: mean(judgements.map(({ expected, said }) => (expected === said ? 1 : 0))),
    macroF1: macroF1(judgements),
  }),
})

/** How often each expected label (row) was answered by each label (column). */
export interface Confusion {
  expected: string[]
  /** The expected labels, in the same order, and last the labels that no row expects, taken together as `undefined`. */
  said: (string | undefined)[]
  counts: number[][]
}

/** The confusion matrix of answers, with the most frequent labels first. */
export function confusionOf(rows: readonly Pick<AnsweredRow, 'expected' | 'answer'>[]): Confusion {
  const pairs = rows.map(({ expected, answer }) => ({ expected: labelOf(expected), said: labelOf(answer) }))
  const expected = [...countBy(pairs, (each) => each.expected)].toSorted((a, b) => b[1] - a[1]).map(([label]) => label)
  const place = new Map(expected.map((label, i) => [label, i]))
  const counts = expected.map(() => new Array<number>(expected.length + 1).fill(0))
  for (const pair of pairs) counts[place.get(pair.expected)!][place.get(pair.said) ?? expected.length]++
  const others = counts.some((row) => row[expected.length] > 0)
  if (!others) for (const row of counts) row.pop()
  return { expected, said: [...expected, ...(others ? [undefined] : [])], counts }
}
