// Which of the answered rows are listed, and in which order: the wrong ones first.
import type { RowAnswers } from '../config/answered-rows'
import type { AnswersState } from './answers-state'

/** What the list shows. */
export interface AnswersQuery {
  show: 'all' | 'wrong' | 'right' | 'differ'
  /** The column by which rows are wrong or right; absent = by all of them. */
  of?: number
  /** The place of the score that decides; absent = the one that fits the data's form best. */
  by?: number
  words: string
}

type Answered = Pick<AnswersState, 'rows' | 'columns' | 'scored' | 'scoredRows'>

/** The place of the score that decides about right and wrong, if nobody chose another: the first after exact match. */
export function decidingScore({ scored }: Pick<AnswersState, 'scored'>): number {
  return scored && scored.columns[0].scores.length > 1 ? 1 : 0
}

/** How good an answer is, from 0 to 1 (right). A row that is not judged yet counts as 1 if it equals the expected answer. */
export function gradeOf({ rows, scored, scoredRows }: Answered, row: number, column: number, by: number): number {
  const judged = row < scoredRows ? scored?.columns[column]?.scores[by]?.grades[row] : undefined
  if (judged !== undefined) return judged
  const { expected, answers } = rows[row]
  return answers[column].text.trim() === expected ? 1 : 0
}

const holds = (row: RowAnswers, words: string): boolean =>
  [row.prompt, row.expected, ...row.answers.map(({ text }) => text)].some((text) => text.toLowerCase().includes(words))

/** Places of the rows to list: the worst first, otherwise in their order. */
export function listedRows(answered: Answered, { show, of, by = decidingScore(answered), words }: AnswersQuery): number[] {
  const { rows, columns } = answered
  const places = of === undefined ? columns.map((_, k) => k) : [of]
  const sought = words.trim().toLowerCase()
  const graded = rows.map((row, at) => {
    const all = columns.map((_, k) => gradeOf(answered, at, k, by))
    const own = places.map((k) => all[k])
    return { row, at, all, right: own.every((grade) => grade === 1), grade: own.reduce((sum, grade) => sum + grade, 0) }
  })
  const fits = { all: () => true, wrong: isWrong, right: isRight, differ: areDifferent }[show]
  return graded
    .filter((one) => fits(one) && (sought === '' || holds(one.row, sought)))
    .sort((a, b) => Number(a.right) - Number(b.right) || a.grade - b.grade || a.at - b.at)
    .map(({ at }) => at)
}

interface Graded {
  all: number[]
  right: boolean
}
const isWrong = ({ right }: Graded): boolean => !right
const isRight = ({ right }: Graded): boolean => right
const areDifferent = ({ all }: Graded): boolean => all.some((grade) => grade !== all[0])
