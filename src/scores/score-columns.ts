// The answers of several models to the same rows, judged by the same scores.
import { classification, confusionOf, type Confusion } from './classification'
import { scoresFor, scoresNamed } from './registry'
import { type ScoreReport, scoreReport } from './report'
import type { AnsweredRow } from './score'

export interface ColumnsToScore {
  rows: readonly Pick<AnsweredRow, 'prompt' | 'expected'>[]
  /** The answers of each model, in the order of the rows. */
  columns: readonly (readonly string[])[]
  /** Names of scores; absent = those that the form of the data asks for. */
  names?: readonly string[]
  /** The column that the others are compared with. */
  against: number
}

export interface ScoredColumns {
  /** Names of the scores that the form of the data asks for. */
  suggested: string[]
  /** A report of each column. */
  columns: ScoreReport[]
  /** Of each column, if classification is one of the scores. */
  confusions?: Confusion[]
}

/** @throws UnsupportedError for an unknown name */
export async function scoreColumns({ rows, columns, names, against }: ColumnsToScore): Promise<ScoredColumns> {
  const suggested = scoresFor(rows)
  const chosen = names ? scoresNamed(names) : suggested
  const answered = columns.map((answers) => rows.map((row, i): AnsweredRow => ({ ...row, answer: answers[i] })))
  const reports: ScoreReport[] = []
  for (const [i, own] of answered.entries()) reports.push(await scoreReport(own, chosen, i === against ? undefined : answered[against]))
  return {
    suggested: suggested.map(({ name }) => name),
    columns: reports,
    ...(chosen.includes(classification) && { confusions: answered.map(confusionOf) }),
  }
}
