// Answered rows as a table for other programs.
import { csv } from '../config/csv'
import type { AnswersState } from './answers-state'

/** All rows in their order: line, prompt, expected answer, and of each model its answer and what each score says about it. */
export function answersCsv({ rows, columns, scored, scoredRows }: AnswersState): string {
  const scores = scored?.columns[0]?.scores ?? []
  const head = columns.flatMap(({ name }) => [name, ...scores.map((score) => `${name}: ${score.name}`)])
  return csv([
    ['line', 'prompt', 'expected', ...head],
    ...rows.map((row, at) => [
      row.line,
      row.prompt,
      row.expected,
      ...row.answers.flatMap(({ text }, k) => [
        text.trim(),
        ...scores.map((_, by) => (at < scoredRows ? scored?.columns[k].scores[by].grades[at] : undefined)),
      ]),
    ]),
  ])
}
