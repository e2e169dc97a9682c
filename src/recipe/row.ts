// A row on its way through a recipe. Rows are never changed: a step makes new ones.
import { stringifyJson } from '../config/exact-json'
import { type Phrase, say } from '../config/phrase'
import { type Origin, type Part, isGenerated, originColumn, originFrom } from '../config/recipe'
import type { Row } from '../data/row'

export interface WorkRow {
  readonly value: Row
  readonly origin: Origin
  readonly part: Part
}

/**
 * A row of a file. If it has been through a recipe, it keeps the origin that it had, without the column, so a file may go
 * through several recipes.
 */
export function fileRow(value: Row, file: string, line: number, part: Part): WorkRow {
  const { [originColumn]: kept, ...rest } = value
  const origin = kept === undefined ? undefined : originFrom(kept)
  if (origin) return { value: rest, origin, part }
  return { value: kept === undefined ? value : { ...rest, [ownOriginColumn(rest)]: kept }, origin: { by: 'file', file, line }, part }
}

/** The name under which a row keeps a column that has the name of ours. */
function ownOriginColumn(others: Row): string {
  let name = `${originColumn}_2`
  while (Object.hasOwn(others, name)) name += '_'
  return name
}

export const renamedOriginNote = say`The column ${originColumn} of this file is not one that TabTune wrote, so it is called ${originColumn}_2 here.`

/** The place of a row, for a sentence: its file and line, or else its number among the rows. */
export function placeOf({ origin }: WorkRow, index: number): Phrase {
  const { file, line } = origin
  if (file === undefined || line === undefined) return say`row ${index + 1}`
  return isGenerated(origin) ? say`a row that was generated from ${file}:${line}` : say`${file}:${line}`
}

/** The row as a line of JSONL, with its origin in a column of its own. */
export const lineOf = ({ value, origin }: WorkRow): string => `${stringifyJson({ ...value, [originColumn]: origin })}\n`
