// Scores that compare an answer part by part: micro F1 over the parts, whole answers, and answers in the right form.
import { f1, microOverlap, overlapOf } from './overlap'
import { type AnsweredRow, type Score, mean, score } from './score'

interface PartsOfScore extends Pick<Score, 'name' | 'label' | 'help' | 'suits'> {
  /** Its figures begin with this, as in `sqlF1`, `sqlRight` and `sqlParsed`. */
  key: string
  /** Labels of the figures. The one of `first` stands for the score in tables. */
  labels: { f1: string; right: string; parsed: string }
  first: 'f1' | 'right'
  /** The parts of a text, in any order; undefined if it is not in the score's form. */
  parts(text: string, prompt: string): string[] | undefined
}

/** If the expected answer is not in the score's form, the texts are compared instead. */
function overlapIn({ prompt, expected, answer }: AnsweredRow, parts: PartsOfScore['parts']) {
  const [wanted, said] = [parts(expected, prompt), parts(answer, prompt)]
  const overlap = wanted ? overlapOf(said ?? [], wanted) : overlapOf([answer.trim()], [expected.trim()])
  return { parsed: said !== undefined, overlap }
}

export function partsScore({ key, labels, first, parts, ...about }: PartsOfScore): Score {
  const figure = (kind: keyof PartsOfScore['labels'], name: string) => ({
    key: `${key}${name}`,
    label: labels[kind],
    form: 'share' as const,
  })
  const [share, right, parsed] = [figure('f1', 'F1'), figure('right', 'Right'), figure('parsed', 'Parsed')]
  return score({
    ...about,
    figures: first === 'f1' ? [share, right, parsed] : [right, share, parsed],
    judge: (row) => overlapIn(row, parts),
    grade: ({ overlap }) => f1(overlap),
    figuresOf: (judgements) => ({
      [share.key]: f1(microOverlap(judgements.map(({ overlap }) => overlap))),
      [right.key]: mean(judgements.map(({ overlap }) => (f1(overlap) === 1 ? 1 : 0))),
      [parsed.key]: mean(judgements.map(({ parsed }) => (parsed ? 1 : 0))),
    }),
  })
}
