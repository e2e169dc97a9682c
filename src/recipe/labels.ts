// Answers that a person gave or accepted, row by row. They are part of a recipe, beside the settings of its step.
import { FormatError } from '../config/errors'
import { recordOf } from '../config/exact-json'
import { say } from '../config/phrase'
import type { WorkRow } from './row'
import { isRowKey } from './row-key'

export interface Label {
  /** The row that it is for: its `rowKey` without the column of the answer. */
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
    isRowKey(row) &&
    (by === 'person' || by === 'model') &&
    (answer === undefined || (typeof answer === 'string' && answer.length <= mostCharacters))
  if (!fits)
    throw new FormatError(
      say`labels: expected answers with row, answer and by (person or model), got ${JSON.stringify(value)?.slice(0, 100)}. Correct the recipe.`,
    )
  return { row, ...(answer !== undefined && { answer }), by, ...(typeof name === 'string' && { name: name.slice(0, 200) }) }
}
