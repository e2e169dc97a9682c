// A row on its way through a recipe. Rows are never changed: a step makes new ones.
import { recordOf, stringifyJson } from '../config/exact-json'
import { type Origin, type Part, makers } from '../config/recipe'
import type { Row } from '../data/row'

export interface WorkRow {
  readonly value: Row
  readonly origin: Origin
  readonly part: Part
}

/** The column of a cleaned file that says where a row is from. Reading takes it off again, so a file may go through several recipes. */
const originColumn = '_origin'

/** A row of a file. If it has been through a recipe, it keeps the origin that it had. */
export function fileRow(value: Row, file: string, line: number, part: Part): WorkRow {
  const { [originColumn]: kept, ...rest } = value
  const origin = kept === undefined ? undefined : originFrom(kept)
  return origin ? { value: rest, origin, part } : { value, origin: { by: 'file', file, line }, part }
}

function originFrom(value: unknown): Origin | undefined {
  const { by, file, line, name, seen } = recordOf(value) ?? {}
  const maker = makers.find((each) => each === by)
  if (!maker) return undefined
  return {
    by: maker,
    ...(typeof file === 'string' && { file }),
    ...(typeof line === 'number' && { line }),
    ...(typeof name === 'string' && { name }),
    ...(seen === true && { seen }),
  }
}

/** The row as a line of JSONL, with its origin in a column of its own. */
export const lineOf = ({ value, origin }: WorkRow): string => `${stringifyJson({ ...value, [originColumn]: origin })}\n`
