// The scores of answers. A new score is a file, and a line here.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { classification } from './classification'
import { exactMatch } from './exact-match'
import { finalNumberScore } from './final-number'
import { functional } from './functional'
import { jsonScore } from './json-fields'
import { rougeL } from './rouge-l'
import type { AnsweredRow, Score } from './score'
import { sql } from './sql'
import { sqlExecution } from './sql-execution'
import { tokenF1 } from './token-f1'

export const scores: readonly Score[] = [
  exactMatch,
  functional,
  sqlExecution,
  sql,
  finalNumberScore,
  jsonScore,
  classification,
  tokenF1,
  rougeL,
]

/** The scores with these names. @throws UnsupportedError naming the existing ones */
export function scoresNamed(names: readonly string[]): Score[] {
  return names.map((name) => {
    const found = scores.find((each) => each.name === name)
    if (!found)
      throw new UnsupportedError(
        say`metrics: expected some of ${scores.map((each) => each.name).join(', ')}, got ${name.slice(0, 100)}. Correct the name.`,
      )
    return found
  })
}

/** The scores that the form of the data asks for; exact match is always one. */
export function scoresFor(rows: readonly Pick<AnsweredRow, 'prompt' | 'expected'>[]): Score[] {
  const particular = [functional, sqlExecution, sql, finalNumberScore, jsonScore, classification].filter((each) => each.suits(rows))
  const general = particular.length ? [] : [tokenF1, rougeL].filter((each) => each.suits(rows))
  return [exactMatch, ...particular, ...general]
}

/** Loads what the scores need to judge. */
export async function loadScores(chosen: readonly Score[]): Promise<void> {
  await Promise.all(chosen.map((each) => each.load?.()))
}
