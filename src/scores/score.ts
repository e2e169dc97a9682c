// What a score is: it judges answers against expected ones. A score is a file in this folder and a line in the registry.

/** A row with the answer that a model gave. */
export interface AnsweredRow {
  prompt: string
  expected: string
  answer: string
}

interface ScoreFigure {
  key: string
  label: string
  /** A share from 0 to 1, or a plain number. */
  form: 'share' | 'value'
}

interface ScoreParts<Judgement> {
  /** For `--metrics`. */
  name: string
  label: string
  help: string
  /** The first one stands for the score in tables. */
  figures: readonly [ScoreFigure, ...ScoreFigure[]]
  /** Whether the form of the data asks for this score, by its first rows. */
  suits(rows: readonly Pick<AnsweredRow, 'prompt' | 'expected'>[]): boolean
  /** Loads what `judge` needs; absent = nothing. */
  load?(): Promise<void>
  judge(row: AnsweredRow): Judgement
  /** How good one answer is, from 0 to 1 (right). */
  grade(judgement: Judgement): number
  /** The figures of several answers, by key. */
  figuresOf(judgements: readonly Judgement[]): Record<string, number>
}

/** A score's judgement of a set of answers. */
export interface Judged {
  /** How good each answer is, from 0 to 1 (right). */
  readonly grades: readonly number[]
  /** The figures of all rows, or of the rows at `chosen`, which may repeat. */
  figures(chosen?: ArrayLike<number>): Record<string, number>
}

export interface Score extends Pick<ScoreParts<unknown>, 'name' | 'label' | 'help' | 'figures' | 'suits' | 'load'> {
  /** Call `loadScores` first. */
  judge(rows: readonly AnsweredRow[]): Judged
}

/** A score from its parts. What it notes of an answer stays its own. */
export function score<Judgement>(parts: ScoreParts<Judgement>): Score {
  const { name, label, help, figures, suits, load } = parts
  return {
    name,
    label,
    help,
    figures,
    suits,
    load,
    judge(rows) {
      const judgements = rows.map((row) => parts.judge(row))
      return {
        grades: judgements.map((judgement) => parts.grade(judgement)),
        figures: (chosen) => parts.figuresOf(chosen ? Array.from(chosen, (i) => judgements[i]) : judgements),
      }
    },
  }
}

/** The mean; 0 of nothing. */
export const mean = (values: readonly number[]): number =>
  values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0

/** Whether at least nine tenths of the rows fulfil `fits`. */
export const mostly = <T>(rows: readonly T[], fits: (row: T) => boolean): boolean =>
  rows.length > 0 && rows.filter(fits).length >= rows.length * 0.9
