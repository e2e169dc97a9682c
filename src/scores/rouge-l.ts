// The longest common subsequence of words (Lin 2004, ROUGE-L with beta = 1).
import { f1 } from './overlap'
import { mean, mostly, score } from './score'
import { wordsOf } from './token-f1'

/** Most words that are compared; the time grows with their product. */
const mostWords = 2000

/** Length of the longest common subsequence, in memory for one row of the table. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  const row = new Int32Array(b.length + 1)
  for (const word of a) {
    let diagonal = 0
    for (let j = 1; j <= b.length; j++) {
      const above = row[j]
      row[j] = word === b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1])
      diagonal = above
    }
  }
  return row[b.length]
}

function rougeOf(answer: string, expected: string): number {
  const [said, wanted] = [wordsOf(answer).slice(0, mostWords), wordsOf(expected).slice(0, mostWords)]
  return f1({ shared: commonLength(said, wanted), said: said.length, expected: wanted.length })
}

export const rougeL = score({
  name: 'rouge-l',
  label: 'ROUGE-L',
  help: `The longest sequence of words that the answer has in common with the expected one: the mean F1 of the rows. Of each text, the first ${mostWords} words count.`,
  figures: [{ key: 'rougeL', label: 'ROUGE-L', form: 'share' }],
  suits: (rows) => mostly(rows, ({ expected }) => wordsOf(expected).length >= 12),
  judge: ({ answer, expected }) => rougeOf(answer, expected),
  grade: (value) => value,
  figuresOf: (values) => ({ rougeL: mean(values) }),
})
