// Answers that a person gave or accepted, row by row. They are part of a recipe, beside the settings of its step.
import { FormatError } from '../config/errors'
import { recordOf, stringifyJson } from '../config/exact-json'
import { say } from '../config/phrase'
import { sha256Text } from '../config/sha256'
import type { WorkRow } from './row'

export interface Label {
  /** The row that it is for (see `keyOf`). */
  row: string
  /** Absent = the row was thrown away. */
  answer?: string
  /** Who wrote the answer; a person has looked at it in any case. */
  by: 'person' | 'model'
  /** The model. */
  name?: string
}

const mostLabels = 200_000
const mostCharacters = 1_000_000
const keyDigits = 32

/** What tells a row from others, whatever its answer is: a hash of its other columns. */
export async function keyOf({ value }: WorkRow, column: string): Promise<string> {
  const { [column]: _answer, ...others } = value
  return (await sha256Text(stringifyJson(others))).slice(0, keyDigits)
}

/** Whether the row has no answer in this column. */
export function isUnanswered({ value }: WorkRow, column: string): boolean {
  const answer = value[column]
  return answer === undefined || answer === null || (typeof answer === 'string' && answer.trim() === '')
}

/** The labels of a recipe's step. @throws FormatError */
export function labelsFrom(value: unknown): Label[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > mostLabels)
    throw new FormatError(say`labels: expected a list of at most ${mostLabels} answers, got something else. Correct the recipe.`)
  return value.map(labelFrom)
}

function labelFrom(value: unknown): Label {
  const { row, answer, by, name } = recordOf(value) ?? {}
  const fits =
    typeof row === 'string' &&
    row.length === keyDigits &&
    (by === 'person' || by === 'model') &&
    (answer === undefined || (typeof answer === 'string' && answer.length <= mostCharacters))
  if (!fits)
    throw new FormatError(
      say`labels: expected answers with row, answer and by (person or model), got ${JSON.stringify(value)?.slice(0, 100)}. Correct the recipe.`,
    )
  return { row, ...(answer !== undefined && { answer }), by, ...(typeof name === 'string' && { name: name.slice(0, 200) }) }
}
