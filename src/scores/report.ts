// The scores of a set of answers, as plain data.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import { differences, intervals } from './bootstrap'
import { loadScores, scoresFor } from './registry'
import type { AnsweredRow, Score } from './score'

interface ScoredFigure {
  key: string
  label: string
  form: 'share' | 'value'
  value: number
  /** The interval that contains the value with 95 % confidence, if other rows of the same kind were asked. */
  interval: [number, number]
  /** What other answers to the same rows gave, and this value minus theirs. `sure`: the difference is more than chance. */
  other?: { value: number; difference: number; interval: [number, number]; sure: boolean }
}

export interface ScoreReport {
  rows: number
  scores: { name: string; label: string; figures: ScoredFigure[]; /** Of each row, from 0 to 1 (right). */ grades: readonly number[] }[]
}

/**
 * Judges the rows by `chosen`, or by the scores that the form of the data asks for; `others`: another model's answers to the same rows.
 * @throws FormatError if they are answers to other rows
 */
export async function scoreReport(
  rows: readonly AnsweredRow[],
  chosen: readonly Score[] = scoresFor(rows),
  others?: readonly AnsweredRow[],
): Promise<ScoreReport> {
  if (others) checkSame(rows, others)
  await loadScores(chosen)
  return { rows: rows.length, scores: chosen.map((score) => judgedBy(score, rows, others)) }
}

function judgedBy(score: Score, rows: readonly AnsweredRow[], others: readonly AnsweredRow[] | undefined): ScoreReport['scores'][number] {
  const judged = score.judge(rows)
  const other = others && score.judge(others)
  const [values, around, theirs] = [judged.figures(), intervals(judged), other?.figures()]
  const apart = other && differences(other, judged)
  const figures = score.figures.map((figure) => {
    const { key } = figure
    const compared = theirs && apart && { other: { value: theirs[key], ...apart[key] } }
    return { ...figure, value: values[key], interval: around[key], ...compared }
  })
  return { name: score.name, label: score.label, figures, grades: judged.grades }
}

function checkSame(rows: readonly AnsweredRow[], others: readonly AnsweredRow[]): void {
  const at = rows.findIndex(({ prompt, expected }, i) => prompt !== others[i]?.prompt || expected !== others[i].expected)
  if (at < 0 && rows.length === others.length) return
  throw new FormatError(
    say`answers: expected two files with the same prompts and expected answers in the same order, got another row ${(at < 0 ? rows.length : at) + 1}. Answer the same rows with both models.`,
  )
}
